/** The store could not do what it was asked: nothing can be concluded about the data. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(operation: string, cause: unknown) {
    super(`The storage failed to ${operation}. The request may be repeated.`, { cause });
  }
}

/** True for a StorageError, also when an event's publisher got it from its listeners. */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof AggregateError
    ? error.errors.some(isStorageFailure)
    : error instanceof StorageError;
}
