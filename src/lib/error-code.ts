/**
 * The `code` of an error of Node or of a library, such as `ENOENT`, as text; undefined where it has none. A code is
 * safe to log, whereas a message may hold a path, an address or a secret.
 */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? String(error.code) : undefined;
}
