/** A process that is up, and a number that it raises while it lives. */
export interface InstanceBeat {
  /** A UUID of this run of the process: never used again. */
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  readonly beat: number;
}

/** The processes that share the store. Throws StorageError when the store cannot answer. */
export abstract class InstanceStore {
  /** Keeps an instance's beat, replacing the one before. */
  abstract beat(beat: InstanceBeat): Promise<void>;

  /** The newest beat of every instance, in no particular order. Sees every call acknowledged before. */
  abstract list(): Promise<InstanceBeat[]>;

  /** Removes an instance, unless it has beaten since this beat. Removing an absent one does nothing. */
  abstract remove(last: InstanceBeat): Promise<void>;
}
