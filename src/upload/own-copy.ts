/** A cell is a slice that keeps its whole chunk of the file alive; this is the text alone. */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
