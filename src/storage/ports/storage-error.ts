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

/** True for a StorageError, also where the publisher of an event collected it from listeners. */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof AggregateError
    ? error.errors.some(isStorageFailure)
    : error instanceof StorageError;
}
