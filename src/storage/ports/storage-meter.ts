/** One finished call to a store over the network, its retries included. */
export interface StorageCall {
  /** The name that the store gives it, such as `UpdateItem`. */
  readonly operation: string;
  /** Without the prefix of the installation. */
  readonly table: string;
  /**
   * `partial`: the store left some of the call undone. `refused`: a condition did not hold. `throttled`: every attempt
   * was above the capacity of the store.
   */
  readonly outcome: 'ok' | 'partial' | 'refused' | 'throttled' | 'failed';
  readonly seconds: number;
  /** The number of requests: at least 1. */
  readonly attempts: number;
  /** The capacity that the store charges, in its units; 0 where it does not say, as for failed calls. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Receives the calls to a store. */
export abstract class StorageMeter {
  /** Must not throw. */
  abstract called(call: StorageCall): void;
}
