/** A part of a stream, read from its beginning to its end. */
export interface StreamShard {
  readonly id: string;
  /** The shard before it, which may be too old to be listed. */
  readonly parent?: string;
}

/** A change in the format of DynamoDB: its items are not parsed yet. */
export interface StreamRecord<Image> {
  readonly sequence: string;
  /** Milliseconds since 1970, to the second. */
  readonly at: number;
  readonly keys: Image;
  readonly before?: Image;
  readonly after?: Image;
}

/** Some records of a shard, possibly none. */
export interface RecordPage<Image> {
  readonly records: readonly StreamRecord<Image>[];
  /** The iterator of the next page; absent at the end of a closed shard. */
  readonly next?: string;
}

/** The calls of DynamoDB Streams that a reader needs. They throw what the SDK throws. */
export interface StreamsApi<Image> {
  /** Every shard of a stream that holds records or may receive some. */
  shards(stream: string): Promise<readonly StreamShard[]>;
  /** The iterator for the records of a shard after one of them, or for all that it still holds. */
  iterator(stream: string, shard: string, after?: string): Promise<string>;
  records(iterator: string): Promise<RecordPage<Image>>;
}

/** The errors that a reader handles. */
const EXPIRED = 'ExpiredIteratorException';
const TRIMMED = 'TrimmedDataAccessException';

/** Whether an error has this name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** How far one stream is read. */
export interface StreamPosition {
  readonly stream: string;
  /** Per listed shard the sequence number of the last record that was read; empty where none was. */
  readonly read: Readonly<Record<string, string>>;
  /** The shards that were read to their end. */
  readonly ended: readonly string[];
}

/** New records, and whether records before them were lost. */
export interface StreamBatch<Image> {
  readonly records: readonly StreamRecord<Image>[];
  readonly isGap: boolean;
  readonly isMore: boolean;
}

/** The progress in a shard. */
interface ShardState {
  after: string;
  hasEnded: boolean;
  iterator: string | undefined;
}

/** A batch ends after about this many records. */
const BATCH = 2_000;
/** Pages of a shard in one batch, so that a busy shard does not delay the others. */
const PAGES = 4;
/**
 * How often shards are listed: they change every few hours, and when a table grows. The end of a parent is detected at
 * once.
 */
const LOOK_EVERY_MS = 10_000;

/**
 * Reads all shards of one stream. A shard is not read before the end of its parent, so that the changes of an item come
 * in their order. An expired iterator is replaced by one after the last record. Records that DynamoDB has dropped,
 * after a day, are reported as a gap.
 */
export class StreamReader<Image> {
  private readonly states = new Map<string, ShardState>();
  private shards: readonly StreamShard[] = [];
  private lookedAt = -Infinity;
  private hasLost: boolean;

  /** `position`: of this stream, or of another one whose unread records are lost. */
  constructor(
    private readonly api: StreamsApi<Image>,
    private readonly stream: string,
    position: StreamPosition | undefined,
    private readonly now: () => number,
  ) {
    this.hasLost = position !== undefined && position.stream !== stream;
    if (position?.stream !== stream) return;
    const ended = new Set(position.ended);
    for (const [id, after] of Object.entries(position.read))
      this.states.set(id, { after, hasEnded: ended.has(id), iterator: undefined });
  }

  /** The position after the last batch. */
  get position(): StreamPosition {
    const entries = [...this.states].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      stream: this.stream,
      read: Object.fromEntries(entries.map(([id, { after }]) => [id, after])),
      ended: entries.filter(([, { hasEnded }]) => hasEnded).map(([id]) => id),
    };
  }

  /** The records since the last call. After an error the position is meaningless. */
  async next(): Promise<StreamBatch<Image>> {
    if (this.now() - this.lookedAt >= LOOK_EVERY_MS) await this.look();
    const records: StreamRecord<Image>[] = [];
    let isMore = false;
    for (const shard of this.readable()) {
      if (records.length >= BATCH) {
        isMore = true;
        break;
      }
      // Moves behind the others, so that each is read in turn.
      this.states.delete(shard.id);
      this.states.set(shard.id, shard.state);
      if (await this.readShard(shard.id, shard.state, records)) isMore = true;
    }
    const isGap = this.hasLost;
    this.hasLost = false;
    return { records, isGap, isMore };
  }

  private async look(): Promise<void> {
    this.shards = await this.api.shards(this.stream);
    this.lookedAt = this.now();
    const listed = new Set(this.shards.map(({ id }) => id));
    for (const [id, { hasEnded }] of this.states) {
      if (listed.has(id)) continue;
      // It disappeared before it was read to its end.
      if (!hasEnded) this.hasLost = true;
      this.states.delete(id);
    }
    for (const id of listed)
      if (!this.states.has(id)) this.states.set(id, { after: '', hasEnded: false, iterator: undefined });
  }

  /** The shards that may be read: their parents are read to the end, or gone. */
  private readable(): { id: string; state: ShardState }[] {
    const parents = new Map(this.shards.map(({ id, parent }) => [id, parent]));
    return [...this.states].flatMap(([id, state]) => {
      const parent = parents.get(id);
      const isDue = parent === undefined || (this.states.get(parent)?.hasEnded ?? true);
      return isDue && !state.hasEnded ? [{ id, state }] : [];
    });
  }

  /** Resolves to whether more records are available at once. */
  private async readShard(id: string, state: ShardState, records: StreamRecord<Image>[]): Promise<boolean> {
    let isMore = false;
    for (let page = 0; page < PAGES; page += 1) {
      const read = await this.readPage(id, state);
      // After repeated refusals the next batch tries again.
      isMore = read !== 'again';
      if (read === 'again') continue;
      for (const record of read.records) records.push(record);
      state.after = read.records.at(-1)?.sequence ?? state.after;
      state.iterator = read.next;
      if (read.next === undefined) {
        state.hasEnded = true;
        // Its children are next.
        this.lookedAt = -Infinity;
        return true;
      }
      if (read.records.length === 0) return false;
    }
    return isMore;
  }

  private async readPage(id: string, state: ShardState) {
    try {
      state.iterator ??= await this.api.iterator(
        this.stream,
        id,
        state.after === '' ? undefined : state.after,
      );
      return await this.api.records(state.iterator);
    } catch (error) {
      const isTrimmed = isNamed(error, TRIMMED);
      if (!isTrimmed && !isNamed(error, EXPIRED)) throw error;
      state.iterator = undefined;
      // An emulator reports this at the first record also to a reader that has read nothing, which then misses nothing.
      if (isTrimmed && state.after !== '') this.hasLost = true;
      if (isTrimmed) state.after = '';
      return 'again';
    }
  }
}
