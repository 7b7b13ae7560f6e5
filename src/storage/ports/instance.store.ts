/** The heartbeat of a running process: a number that it increases while it runs. */
export interface InstanceBeat {
  /** A UUID of this run of the process: never used again. */
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  readonly beat: number;
}

/** The processes that share the store. Throws StorageError when the store cannot answer. */
export abstract class InstanceStore {
  /** Writes the heartbeat of an instance, replacing the one before. */
  abstract beat(beat: InstanceBeat): Promise<void>;

  /** The newest heartbeat of every instance, in no particular order. Sees every call acknowledged before. */
  abstract list(): Promise<InstanceBeat[]>;

  /** Removes an instance unless it has a newer heartbeat than this one. Removing an absent one does nothing. */
  abstract remove(last: InstanceBeat): Promise<void>;
}
