/** A part of a stream, read from its beginning to its end. */
export interface StreamShard {
  readonly id: string;
  /** What comes before it; that one may be too old to be listed. */
  readonly parent?: string;
}

/** A change as DynamoDB tells it: the items are not read yet. */
export interface StreamRecord<Image> {
  readonly sequence: string;
  /** Milliseconds since 1970, to the second. */
  readonly at: number;
  readonly keys: Image;
  readonly before?: Image;
  readonly after?: Image;
}

/** Some records of a shard; none, where there are none yet. */
export interface RecordPage<Image> {
  readonly records: readonly StreamRecord<Image>[];
  /** For what comes next; absent at the end of a shard that will get no more. */
  readonly next?: string;
}

/** The calls of DynamoDB Streams that a reader needs. They throw what the SDK throws. */
export interface StreamsApi<Image> {
  /** Every part of a stream that holds records or may get some. */
  shards(stream: string): Promise<readonly StreamShard[]>;
  /** For what comes after a record of a part, or for all that it still holds. */
  iterator(stream: string, shard: string, after?: string): Promise<string>;
  records(iterator: string): Promise<RecordPage<Image>>;
}

/** The errors that a reader knows what to do about. */
export const EXPIRED = 'ExpiredIteratorException';
export const TRIMMED = 'TrimmedDataAccessException';

/** Whether an error has this name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
