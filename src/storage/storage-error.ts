/** The store could not do what it was asked: nothing can be concluded about the data. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(operation: string, cause: unknown) {
    super(`The storage failed to ${operation}. The request may be repeated.`, { cause });
  }
}
