/** Whether the store answers. */
export abstract class StorageHealth {
  /** Does one cheap, real round trip; throws StorageError when the store does not answer. */
  abstract ping(): Promise<void>;
}
