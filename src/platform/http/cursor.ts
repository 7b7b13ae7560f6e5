import { Problem } from './problem.js';

/** Makes a resume key opaque, so that callers do not build on its form. */
export function encodeCursor(key: string | undefined): string | null {
  return key === undefined ? null : Buffer.from(`1:${key}`, 'utf8').toString('base64url');
}

/** Reads a cursor that {@link encodeCursor} made; throws the problem `bad_cursor` for anything else. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith('1:') || encodeCursor(text.slice(2)) !== cursor) {
    throw new Problem('bad_cursor', 'Use the next_cursor of the page before, or none for the first page.');
  }
  return text.slice(2);
}
