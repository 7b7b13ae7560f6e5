/** One call to a store over the network, its repetitions included, when it has ended. */
export interface StorageCall {
  /** As the store names it, such as `UpdateItem`. */
  readonly operation: string;
  /** Without the prefix of the installation. */
  readonly table: string;
  /**
   * `partial`: the store left some of it undone. `refused`: a condition did not hold. `throttled`: more than it takes
   * now, at every attempt.
   */
  readonly outcome: 'ok' | 'partial' | 'refused' | 'throttled' | 'failed';
  readonly seconds: number;
  /** How often it was sent: at least 1. */
  readonly attempts: number;
  /** What the store says it charges, in its units. It says nothing of calls that fail. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Is told of the calls to a store. */
export abstract class StorageMeter {
  /** Must not throw. */
  abstract called(call: StorageCall): void;
}
