/** What a text that is not UTF-8 looks like. */
export type ForeignEncoding = 'utf16' | 'latin1' | 'unknown';

const BYTE_ORDER_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;
/** Of two ASCII characters in UTF-16 one byte in two is NUL; half of that is still no accident. */
const NUL_SHARE = 4;
/** From here on Latin-1 has letters with accents, and UTF-8 first bytes of characters only. */
const FIRST_ACCENTED = 0xc0;
/** Fewer bytes than this tell nothing. */
const MIN_SAMPLE = 4;

/**
 * Names the encoding of bytes that are not UTF-8, so that an error can tell the fix; nothing is ever decoded by it.
 * UTF-16 shows by its byte order mark or by NULs at every other place. Latin-1 (and Windows-1252) shows by single bytes
 * above 127 among ASCII, where UTF-8 would have two or more in a row, and by accented letters side by side, each of which
 * would begin a character in UTF-8.
 */
export function nameEncoding(bytes: Uint8Array): ForeignEncoding {
  if (isUtf16(bytes)) return 'utf16';
  let single = 0;
  let multiple = 0;
  for (let at = 0; at < bytes.length;) {
    const length = highRun(bytes, at);
    const isLetters = bytes.subarray(at, at + length).every((byte) => byte >= FIRST_ACCENTED);
    if (length === 1 || (length > 1 && isLetters)) single += 1;
    else if (length > 1) multiple += 1;
    at += Math.max(1, length);
  }
  return single > 0 && multiple === 0 ? 'latin1' : 'unknown';
}

/** True for UTF-16 text, with byte order mark or without. */
export function isUtf16(bytes: Uint8Array): boolean {
  if (BYTE_ORDER_MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second)) return true;
  if (bytes.length < MIN_SAMPLE) return false;
  const nuls = [0, 0];
  bytes.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = nuls;
  // Of mostly ASCII text the high bytes are NUL and the low ones are not.
  return Math.max(even, odd) * NUL_SHARE >= bytes.length && Math.min(even, odd) * NUL_SHARE < bytes.length;
}

/** How many bytes above 127 stand in a row from `at` on. */
function highRun(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) > 0x7f) end += 1;
  return end - at;
}
