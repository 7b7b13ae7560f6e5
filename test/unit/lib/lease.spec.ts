import { beforeEach, describe, expect, it } from '@jest/globals';
import { Lease, LeaseLostError, type LeaseRecord } from '../../../src/lib/lease.js';
import { TooManyConflictsError } from '../../../src/lib/retry-on-conflict.js';

interface Position extends LeaseRecord {
  readonly cursor: number;
  readonly stopped?: string | undefined;
}
const FREE: Position = { revision: 0, holder: '', cursor: 0 };

/** Keeps one record as every store of this product does. */
class MemoryStore {
  stored: Position | undefined;
  /** Called before each write. */
  before: () => void = () => undefined;

  get(): Promise<Position | undefined> {
    return Promise.resolve(this.stored);
  }

  put(record: Position): Promise<boolean> {
    this.before();
    if ((this.stored?.revision ?? 0) !== record.revision - 1) return Promise.resolve(false);
    this.stored = record;
    return Promise.resolve(true);
  }

  /** Somebody who is not the holder changes it. */
  change(change: Partial<Position>): void {
    const stored = this.stored ?? FREE;
    this.stored = { ...stored, ...change, revision: stored.revision + 1 };
  }
}

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

async function acquired(holder: string, shared?: readonly (keyof Position)[]): Promise<Lease<Position>> {
  const lease = await Lease.acquire(store, store.stored ?? FREE, holder, shared);
  if (!lease) throw new Error('Another one was faster');
  return lease;
}

describe('a lease', () => {
  it('is acquired durably, by one of those who read the same record', async () => {
    const leases = await Promise.all(['a', 'b'].map((holder) => Lease.acquire(store, FREE, holder)));
    expect(leases.map((lease) => lease?.record)).toEqual([
      { revision: 1, holder: 'a', cursor: 0 },
      undefined,
    ]);
    expect(store.stored).toEqual({ revision: 1, holder: 'a', cursor: 0 });
  });

  it('writes until another one acquires it, and nothing after that', async () => {
    const lease = await acquired('a');
    await lease.write({ cursor: 5 });
    expect(store.stored).toEqual({ revision: 2, holder: 'a', cursor: 5 });
    const other = await acquired('b');
    await expect(lease.write({ cursor: 6 })).rejects.toThrow(LeaseLostError);
    await expect(lease.refresh()).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(lease.release()).rejects.toThrow(LeaseLostError);
    expect(store.stored).toEqual(other.record);
  });

  it('is lost with its record', async () => {
    const lease = await acquired('a');
    store.stored = undefined;
    await expect(lease.write({ cursor: 1 })).rejects.toThrow(LeaseLostError);
    expect(store.stored).toBeUndefined();
  });

  it('keeps what others wrote to the shared fields, and overwrites the rest', async () => {
    const lease = await acquired('a', ['stopped']);
    store.change({ stopped: 'by hand', cursor: 99 });
    await lease.write({ cursor: 5 });
    expect(store.stored).toEqual({ revision: 3, holder: 'a', cursor: 5, stopped: 'by hand' });
    expect(lease.record).toEqual(store.stored);
  });

  it('notices what others changed', async () => {
    const lease = await acquired('a', ['stopped']);
    expect(await lease.refresh()).toBe(false);
    store.change({ stopped: 'by hand' });
    expect(await lease.refresh()).toBe(true);
    expect(lease.record.stopped).toBe('by hand');
    store.change({ stopped: undefined });
    expect(await lease.refresh()).toBe(true);
    expect(lease.record.stopped).toBeUndefined();
  });

  it('is free at once after a release, with a last change', async () => {
    const lease = await acquired('a');
    await lease.release({ cursor: 7 });
    expect(store.stored).toEqual({ revision: 2, holder: '', cursor: 7 });
    expect((await acquired('b')).record).toEqual({ revision: 3, holder: 'b', cursor: 7 });
  });

  it('gives up when others change the record before every write', async () => {
    const lease = await acquired('a', ['stopped']);
    store.before = () => store.change({ stopped: 'again' });
    await expect(lease.write({ cursor: 1 })).rejects.toThrow(TooManyConflictsError);
  });
});
