/**
 * The store did not answer, or refused: the data may be unchanged, changed, or changed in part. The call may be
 * repeated.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(operation: string, cause: unknown) {
    super(`The storage failed to ${operation}. The request may be repeated.`, { cause });
  }
}
