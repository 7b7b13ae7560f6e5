/** What a report shows of a text from a file, at most. */
export const EXCERPT_CHARACTERS = 80;

/** The beginning of a text from a file, short enough for a report; no character is cut in two. */
export function excerpt(text: string): string {
  if (text.length <= EXCERPT_CHARACTERS) return text;
  return text.slice(0, EXCERPT_CHARACTERS).replace(/[\ud800-\udbff]$/u, '');
}
