import { beforeEach, describe, expect, it } from '@jest/globals';
import { StreamReader, type StreamPosition } from '../../../../src/storage/dynamodb/stream-reader.js';
import { ScriptedStreams } from '../../../support/storage/scripted-streams.js';
import { SettableClock } from '../../../support/app/settable-clock.js';

const STREAM = 'stream of today';
const LOOK_EVERY_MS = 10_000;

let streams: ScriptedStreams;
let clock: SettableClock;
beforeEach(() => {
  streams = new ScriptedStreams();
  clock = new SettableClock(0);
});

const read = (position?: StreamPosition, stream = STREAM) =>
  new StreamReader(streams, stream, position, () => clock.monotonic());

/** Everything that there is to be had, and whether something was lost. */
async function all(reader: StreamReader<string>): Promise<{ images: string[]; isGap: boolean }> {
  const images: string[] = [];
  let isLost = false;
  for (;;) {
    const { records, isGap, isMore } = await reader.next();
    images.push(...records.map(({ after = '' }) => after));
    isLost ||= isGap;
    if (!isMore) return { images, isGap: isLost };
  }
}

describe('a reader of a stream', () => {
  it('tells everything that is held once, and then what comes', async () => {
    streams.open('a').open('b').write('a', '1', '2', '3').write('b', '4');
    const reader = read();
    const { images, isGap } = await all(reader);
    expect([images.sort(), isGap]).toEqual([['1', '2', '3', '4'], false]);
    expect(await all(reader)).toEqual({ images: [], isGap: false });
    streams.write('b', '5');
    expect(await all(reader)).toEqual({ images: ['5'], isGap: false });
  });

  it('goes on after a position, in another process, whatever was read of it', async () => {
    streams.open('a').write('a', '1', '2', '3');
    const first = read();
    await all(first);
    const { position } = first;
    streams.write('a', '4');
    expect(await all(read(JSON.parse(JSON.stringify(position)) as StreamPosition))).toEqual({
      images: ['4'],
      isGap: false,
    });
    expect(position).toEqual({ stream: STREAM, read: { a: '000003' }, ended: [] });
  });

  it('reads a shard to its end before those that follow it', async () => {
    streams.open('a').write('a', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11');
    streams.open('b', 'a').write('b', '12').open('c', 'a').write('c', '13');
    streams.open('d', 'b').write('d', '14');
    const { images } = await all(read());
    expect(images.slice(0, 11)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(images.indexOf('14')).toBeGreaterThan(images.indexOf('12'));
    expect([...images].sort()).toEqual(Array.from({ length: 14 }, (_, n) => String(n + 1)).sort());
  });

  it('notices at once that a shard has split, and later one that appears from nowhere', async () => {
    streams.open('a').write('a', '1');
    const reader = read();
    await all(reader);
    streams.open('b', 'a').write('b', '2').open('c').write('c', '3');
    expect((await all(reader)).images.sort()).toEqual(['2', '3']);
    streams.open('d').write('d', '4');
    expect((await all(reader)).images).toEqual([]);
    clock.advance(LOOK_EVERY_MS);
    expect((await all(reader)).images).toEqual(['4']);
  });

  it('remembers which shards have ended until they are gone, so that none is read again', async () => {
    streams.open('a').write('a', '1').open('b', 'a').write('b', '2');
    const first = read();
    await all(first);
    expect(first.position).toEqual({ stream: STREAM, read: { a: '000001', b: '000002' }, ended: ['a'] });
    const second = read(first.position);
    expect(await all(second)).toEqual({ images: [], isGap: false });
    streams.forget('a');
    const third = read(second.position);
    expect(await all(third)).toEqual({ images: [], isGap: false });
    expect(third.position).toEqual({ stream: STREAM, read: { b: '000002' }, ended: [] });
  });

  it('makes an iterator anew that has expired, and neither loses nor repeats', async () => {
    streams.open('a').write('a', '1', '2', '3');
    const reader = read();
    await all(reader);
    streams.expire();
    streams.write('a', '4');
    expect(await all(reader)).toEqual({ images: ['4'], isGap: false });
  });

  it('tells that something was lost when it was dropped before it was read, and goes on with what is left', async () => {
    streams.open('a').write('a', '1');
    const reader = read();
    await all(reader);
    streams.write('a', '2', '3', '4');
    streams.trim('a', 3);
    expect(await all(reader)).toEqual({ images: ['4'], isGap: true });
    expect(await all(reader)).toEqual({ images: [], isGap: false });

    const { position } = reader;
    streams.write('a', '5', '6');
    streams.trim('a', 2);
    expect(await all(read(position))).toEqual({ images: ['6'], isGap: true });
  });

  it('loses nothing where what was dropped had been read', async () => {
    streams.open('a').write('a', '1', '2', '3');
    const first = read();
    await all(first);
    streams.trim('a', 3);
    streams.write('a', '4');
    expect(await all(read(first.position))).toEqual({ images: ['4'], isGap: false });
  });

  it('tells that something was lost when a whole shard went unread, or the stream is another one', async () => {
    streams.open('a').write('a', '1', '2');
    const first = read();
    await all(first);
    streams.open('b', 'a').write('b', '3');
    streams.forget('a');
    expect(await all(read(first.position))).toEqual({ images: ['3'], isGap: true });
    expect(await all(read({ ...first.position, stream: 'stream of old' }))).toEqual({
      images: ['3'],
      isGap: true,
    });
  });

  it('lets no busy shard keep the others waiting', async () => {
    streams = new ScriptedStreams(1_000);
    const many = Array.from({ length: 9_000 }, (_, n) => `busy ${n}`);
    streams
      .open('idle')
      .open('busy')
      .write('busy', ...many)
      .write('idle', 'rare');
    const reader = read();
    const batches = [await reader.next(), await reader.next()];
    expect(batches.map(({ isMore }) => isMore)).toEqual([true, true]);
    expect(batches.flatMap(({ records }) => records.map(({ after }) => after))).toContain('rare');
    const { images } = await all(reader);
    expect(batches.reduce((sum, { records }) => sum + records.length, images.length)).toBe(9_001);
  });

  it('does not try without end what is refused again and again', async () => {
    streams.open('a').write('a', '1');
    const reader = read();
    const records = streams.records.bind(streams);
    streams.records = () =>
      Promise.reject(Object.assign(new Error('gone'), { name: 'TrimmedDataAccessException' }));
    // Nothing was read before, so nothing is lost.
    expect(await reader.next()).toEqual({ records: [], isGap: false, isMore: false });
    streams.records = records;
    expect((await all(reader)).images).toEqual(['1']);
  });

  it('lets an outage be known', async () => {
    streams.open('a').write('a', '1');
    streams.failure = new Error('away');
    await expect(read().next()).rejects.toThrow('away');
  });
});
