import { Problem } from './problem.js';

/** Encodes a resume key as an opaque cursor, so that callers do not depend on its form. */
export function encodeCursor(key: string | undefined): string | null {
  return key === undefined ? null : Buffer.from(`1:${key}`, 'utf8').toString('base64url');
}

/** Decodes a cursor from {@link encodeCursor}. Throws the Problem `bad_cursor` for any other text. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith('1:') || encodeCursor(text.slice(2)) !== cursor) {
    throw new Problem('bad_cursor', 'Use the next_cursor of the previous page, or none for the first page.');
  }
  return text.slice(2);
}
