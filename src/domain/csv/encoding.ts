/** The likely encoding of a text that is not UTF-8. */
export type ForeignEncoding = 'utf16' | 'latin1' | 'unknown';

const BYTE_ORDER_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;
/** In UTF-16 every second byte of ASCII text is NUL. Half of that share is enough for detection. */
const NUL_SHARE = 4;
/** From this byte on Latin-1 has accented letters, and UTF-8 has only first bytes of characters. */
const FIRST_ACCENTED = 0xc0;
/** Fewer bytes than this are not enough for detection. */
const MIN_SAMPLE = 4;

/**
 * Detects the likely encoding of bytes that are not UTF-8, so that the error can name the fix. The result is never used for
 * decoding. UTF-16 has a byte order mark, or NULs at every second byte. Latin-1 (and Windows-1252) has single bytes above
 * 127 among ASCII, where UTF-8 has two or more in a row, or adjacent accented letters, each of which would begin a character
 * in UTF-8.
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

/** Whether bytes are UTF-16 text, with or without a byte order mark. */
export function isUtf16(bytes: Uint8Array): boolean {
  if (BYTE_ORDER_MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second)) return true;
  if (bytes.length < MIN_SAMPLE) return false;
  const nuls = [0, 0];
  bytes.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = nuls;
  // In mostly ASCII text the high bytes are NUL and the low bytes are not.
  return Math.max(even, odd) * NUL_SHARE >= bytes.length && Math.min(even, odd) * NUL_SHARE < bytes.length;
}

/** The number of consecutive bytes above 127 from `at` on. */
function highRun(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) > 0x7f) end += 1;
  return end - at;
}
