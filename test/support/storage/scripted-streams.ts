import type {
  RecordPage,
  StreamRecord,
  StreamsApi,
  StreamShard,
} from '../../../src/storage/dynamodb/stream-reader.js';
import { answerOrFail } from '../app/scripted-failure.js';

/** A part of a stream as a script has it. */
interface Part {
  readonly parent: string | undefined;
  readonly records: { readonly sequence: string; readonly image: string }[];
  /** How many of the oldest were dropped. */
  trimmed: number;
  isClosed: boolean;
}

/** An error as the SDK throws it. */
function refusal(name: string): Error {
  return Object.assign(new Error(`${name}, as told`), { name });
}

/**
 * DynamoDB Streams as its documentation has it, with shards that split, iterators that expire, and records that are
 * dropped when the test says so. An image is a text. Pages hold `pageSize` records.
 */
export class ScriptedStreams implements StreamsApi<string> {
  /** What the next call throws. */
  failure: Error | undefined;
  private readonly parts = new Map<string, Part>();
  private readonly iterators = new Map<string, { shard: string; at: number }>();
  private written = 0;
  private made = 0;

  constructor(private readonly pageSize = 2) {}

  /** Begins a shard, after the end of its parent. */
  open(shard: string, parent?: string): this {
    const of = parent === undefined ? undefined : this.parts.get(parent);
    if (of) of.isClosed = true;
    this.parts.set(shard, { parent, records: [], trimmed: 0, isClosed: false });
    return this;
  }

  /** Tells changes. */
  write(shard: string, ...images: string[]): this {
    for (const image of images)
      this.part(shard).records.push({ sequence: String((this.written += 1)).padStart(6, '0'), image });
    return this;
  }

  /** Drops the oldest records of a shard. */
  trim(shard: string, count: number): void {
    this.part(shard).trimmed += count;
  }

  /** Drops a shard. */
  forget(shard: string): void {
    this.parts.delete(shard);
  }

  /** Has all iterators expire that were handed out. */
  expire(): void {
    this.iterators.clear();
  }

  shards(): Promise<readonly StreamShard[]> {
    // In no particular order: here the youngest first.
    const listed = [...this.parts].reverse();
    return answerOrFail(this, () =>
      listed.map(([id, { parent }]) => (parent === undefined ? { id } : { id, parent })),
    );
  }

  iterator(_stream: string, shard: string, after?: string): Promise<string> {
    return answerOrFail(this, () => {
      const { records, trimmed } = this.part(shard);
      const at = after === undefined ? trimmed : records.findIndex(({ sequence }) => sequence > after);
      const found = at === -1 ? records.length : at;
      if (found < trimmed) throw refusal('TrimmedDataAccessException');
      return this.handOut(shard, found);
    });
  }

  records(iterator: string): Promise<RecordPage<string>> {
    return answerOrFail(this, () => {
      const known = this.iterators.get(iterator);
      if (!known) throw refusal('ExpiredIteratorException');
      const { shard, at } = known;
      const { records, trimmed, isClosed } = this.part(shard);
      if (at < trimmed) throw refusal('TrimmedDataAccessException');
      const end = Math.min(records.length, at + this.pageSize);
      const page = records.slice(at, end).map(({ sequence, image }): StreamRecord<string> => {
        return { sequence, at: 0, keys: '', after: image };
      });
      const isEnd = isClosed && end === records.length;
      return { records: page, ...(isEnd ? {} : { next: this.handOut(shard, end) }) };
    });
  }

  private handOut(shard: string, at: number): string {
    const iterator = `iterator ${(this.made += 1)}`;
    this.iterators.set(iterator, { shard, at });
    return iterator;
  }

  private part(shard: string): Part {
    const part = this.parts.get(shard);
    if (!part) throw refusal('ResourceNotFoundException');
    return part;
  }
}
