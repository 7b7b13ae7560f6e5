import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FrameCache, FrameChunk } from '../../../../src/delivery/alerts/frame-cache.js';
import { PLAIN_VIEW, v1View } from '../../../../src/delivery/alerts/view.js';
import { append, clear, raise } from '../../../support/app/alert-logs.js';
import { SessionHarness } from '../../../support/app/session-harness.js';

let harness: SessionHarness;
let frames: FrameCache;
let start: number;
beforeEach(async () => {
  harness = await SessionHarness.open();
  frames = harness.frames();
  start = harness.log.head;
});
afterEach(() => harness.close());

/** An encoding that counts how often it builds a frame. */
function countingEncoding(name: 'sse' | 'websocket' = 'sse') {
  const built: string[] = [];
  const encode = (message: { readonly type: string; readonly id?: string }) => {
    built.push(message.id ?? '');
    return Buffer.from(`${JSON.stringify(message)}\n`);
  };
  return { encoding: { name, encode }, built };
}
const raiseAll = (...departments: string[]) =>
  append(harness.log, ...departments.map((department) => raise(department, harness.clock.now())));
const messagesIn = (chunk: FrameChunk | undefined) =>
  String(chunk?.frames ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; replayed?: boolean });
const idsIn = (chunk: FrameChunk | undefined) => messagesIn(chunk).map(({ id }) => Number(id));

describe('the newest events', () => {
  it('are framed once, and readers of one view share one buffer', async () => {
    await raiseAll('A', 'B', 'C');
    const { encoding, built } = countingEncoding();
    const query = { encoding, cursor: start };
    const [one, other] = [
      frames.recent({ ...query, view: PLAIN_VIEW }),
      frames.recent({ ...query, view: PLAIN_VIEW }),
    ];
    expect(idsIn(one)).toEqual([start + 1, start + 2, start + 3]);
    expect(other).toBe(one);
    const all = frames.recent({ ...query, view: v1View({}) });
    expect(all?.frames.equals(one?.frames ?? Buffer.alloc(0))).toBe(true);
    expect(idsIn(frames.recent({ ...query, cursor: start + 2, view: PLAIN_VIEW }))).toEqual([start + 3]);
    expect(built).toHaveLength(3);
  });

  it('share a buffer among many views in turn, and not between encodings', async () => {
    await raiseAll('A', 'B');
    const [sse, webSocket] = [countingEncoding(), countingEncoding('websocket')];
    const views = ['A', 'B', 'C', 'D', 'E', 'F'].map((department) => v1View({ departments: [department] }));
    const ask = (encoding: typeof sse.encoding) =>
      views.map((view) => frames.recent({ view, encoding, cursor: start }));
    const [first, second] = [ask(sse.encoding), ask(sse.encoding)];
    expect(first.map(idsIn)).toEqual([[start + 1], [start + 2], [], [], [], []]);
    for (const [index, chunk] of first.entries()) expect(second[index]).toBe(chunk);
    expect(ask(webSocket.encoding)[0]).not.toBe(first[0]);
    expect([sse.built.length, webSocket.built.length]).toEqual([2, 2]);
  });

  it('are not answered from before once more came', async () => {
    await raiseAll('A');
    const query = { ...countingEncoding(), view: PLAIN_VIEW, cursor: start };
    expect(idsIn(frames.recent(query))).toEqual([start + 1]);
    await raiseAll('B');
    expect(idsIn(frames.recent(query))).toEqual([start + 1, start + 2]);
  });

  it('advance a reader past what its view does not accept', async () => {
    const raised = await raiseAll('A');
    await append(harness.log, clear('A', raised, harness.clock.now()));
    const query = { ...countingEncoding(), cursor: start };
    const plain = frames.recent({ ...query, view: PLAIN_VIEW });
    expect(plain).toMatchObject({ count: 1, upTo: start + 2, oldestAt: harness.clock.now() });
    expect([...(plain?.types ?? [])]).toEqual([['department_critical', 1]]);
    const none = frames.recent({ ...query, view: v1View({ departments: ['Z'] }) });
    expect(none).toMatchObject({ count: 0, upTo: start + 2 });
    expect(none).not.toHaveProperty('oldestAt');
    expect(none?.frames).toHaveLength(0);
  });

  it('come in chunks of a bounded size, without a gap between two', async () => {
    for (let round = 0; round < 8; round += 1) await raiseAll(`${round}${'x'.repeat(30_000)}`);
    const query = { ...countingEncoding(), view: PLAIN_VIEW };
    const sizes: number[] = [];
    const ids: number[] = [];
    for (let cursor = start; cursor < frames.head;) {
      const chunk = frames.recent({ ...query, cursor });
      if (!chunk) throw new Error('The ring does not hold it');
      sizes.push(chunk.frames.length);
      ids.push(...idsIn(chunk));
      cursor = chunk.upTo;
    }
    expect(ids).toEqual(Array.from({ length: 8 }, (_, index) => start + 1 + index));
    expect(sizes.length).toBeGreaterThan(1);
    // A chunk ends with the frame that reaches the bound.
    for (const size of sizes) expect(size).toBeLessThan(256 * 1_024 + 100_000);
  });

  it('are announced once for all that came together, and not to a listener that left', async () => {
    const heads: number[] = [];
    const stop = frames.onAdvance(() => heads.push(frames.head));
    await raiseAll('A', 'B', 'C');
    await nextTurn();
    expect(heads).toEqual([start + 3]);
    stop();
    await raiseAll('D');
    await nextTurn();
    expect(heads).toEqual([start + 3]);
  });
});

describe('a replay', () => {
  it('is marked, ends at its bound, and shares no frame with what is live', async () => {
    await raiseAll('A', 'B', 'C');
    const query = { ...countingEncoding(), view: PLAIN_VIEW, cursor: start };
    const replay = frames.recent({ ...query, until: start + 2 });
    expect(messagesIn(replay)).toMatchObject([{ replayed: true }, { replayed: true }]);
    expect(replay?.upTo).toBe(start + 2);
    expect(messagesIn(frames.recent(query)).map(({ replayed }) => replayed)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('older events', () => {
  it('are read from the log, a record at a time', async () => {
    await raiseAll('A', 'B');
    await raiseAll('C');
    frames = harness.frames();
    const query = { ...countingEncoding(), view: PLAIN_VIEW, cursor: start };
    expect(frames.recent(query)).toBeUndefined();
    await raiseAll('D');
    expect(frames.recent(query)).toBeUndefined();
    const chunk = await frames.past({ ...query, cursor: start + 1 });
    expect(chunk === 'trimmed' ? chunk : [idsIn(chunk), chunk.upTo]).toEqual([[start + 2], start + 2]);
    expect(idsIn(frames.recent({ ...query, cursor: start + 3 }))).toEqual([start + 4]);
  });

  it('are reported as trimmed where the log does not hold all of them', async () => {
    const first = await raiseAll('A');
    await raiseAll('B');
    frames = harness.frames();
    await harness.log.trim(first);
    const query = { ...countingEncoding(), view: PLAIN_VIEW };
    expect(await frames.past({ ...query, cursor: start })).toBe('trimmed');
    const rest = await frames.past({ ...query, cursor: first });
    expect(rest === 'trimmed' ? rest : idsIn(rest)).toEqual([first + 1]);
  });
});
