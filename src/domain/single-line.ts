/**
 * What turns the direction of text or is not to be seen; but for joiners and variation selectors, without which some
 * scripts and emoji fall apart.
 */
const UNSEEN = /(?![\u200c\u200d\ufe00-\ufe0f])[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;
const BLANKS = /[\s\p{Cc}]+/gu;
const HALF_CHARACTERS = /\p{Cs}/gu;

/**
 * A text from data as one line of at most `maxCharacters`, which is cut between characters and ends with `…` then. It
 * holds no line breaks, no controls, nothing that reorders the text around it, and no halves of characters.
 */
export function singleLine(text: string, maxCharacters: number): string {
  const line = text.replace(UNSEEN, '').replace(BLANKS, ' ').replace(HALF_CHARACTERS, '\ufffd').trim();
  const characters = Array.from(line);
  if (characters.length <= maxCharacters) return line;
  const kept = characters.slice(0, maxCharacters - 1).join('');
  return `${kept.trimEnd()}…`;
}
