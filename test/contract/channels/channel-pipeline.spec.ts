import { afterEach, describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../../src/lib/lease.js';
import { countOf } from '../../../src/domain/notifications/notification.js';
import { ChannelHarness, DAY, DOWN, MINUTE, REFUSED, route } from '../../support/app/channel-harness.js';

let harness: ChannelHarness;
afterEach(() => harness.close());

const people = (count: number, prefix = 'E') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const singles = (ids: number[]) => ids.map((id) => [id]);

describe('one event a call', () => {
  it('tells everything once, in order, under ids of the events', async () => {
    harness = await ChannelHarness.open('webhook');
    const raised = await harness.raise(people(5));
    const cleared = await harness.clear(['E1', 'E3']);
    const critical = await harness.turnCritical('Sales');
    await harness.pass(0);
    const all = [...raised, ...cleared, ...critical];
    expect(harness.channel.arrived).toEqual(singles(all));
    expect(harness.channel.delivered.map(({ id }) => id)).toEqual(all.map((id) => `it.${id}`));
    expect(harness.state).toMatchObject({ cursor: harness.log.head, done: '', prepared: [], delivered: 8 });
    await harness.pass(DAY);
    expect(harness.channel.attempts).toHaveLength(8);
  });

  it('tells nothing of what happened before it was there, nor its end', async () => {
    harness = await ChannelHarness.open('webhook');
    await harness.ask({ since: harness.log.head + 3, cursor: harness.log.head + 3 });
    await harness.raise(people(3));
    await harness.start();
    await harness.clear(['E0']);
    const next = await harness.raise(['E9']);
    await harness.pass(0);
    expect(harness.channel.arrived).toEqual(singles(next));
  });

  it('holds all three in order while a receiver is down for ten minutes: raise, clear, raise', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = DOWN;
    const ids = await harness.raise(['E1']);
    await harness.pass(3 * MINUTE);
    ids.push(...(await harness.clear(['E1'])));
    await harness.pass(3 * MINUTE);
    ids.push(...(await harness.raise(['E1'])));
    await harness.pass(4 * MINUTE);
    const { length } = harness.channel.attempts;
    // 1 + 2 + 4 + 8 + 16 s, then every 15 to 30 s.
    expect(length).toBeGreaterThan(600 / 30);
    expect(length).toBeLessThan(600 / 15 + 6);
    expect(new Set(harness.channel.attempts.map(({ notification }) => notification.id)).size).toBe(1);
    expect(harness.state).toMatchObject({ lastError: { reason: 'HTTP 503' } });
    expect(harness.state.failingSince).toBeDefined();
    harness.channel.answer = { outcome: 'delivered' };
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles(ids));
    expect(harness.state.failingSince).toBeUndefined();
  });

  it('comes back no sooner than the receiver asked', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = { outcome: 'failed', retryable: true, reason: 'HTTP 429', retryAfterMs: 3_000 };
    await harness.raise(['E1']);
    await harness.pass(0);
    harness.channel.answer = { outcome: 'delivered' };
    await harness.pass(2_999);
    expect(harness.channel.delivered).toHaveLength(0);
    await harness.pass(1);
    expect(harness.channel.delivered).toHaveLength(1);
  });

  it('repeats at most one message, under its id, after a kill between sending and writing', async () => {
    harness = await ChannelHarness.open('webhook');
    const ids = await harness.raise(people(4));
    const before = harness.state;
    await harness.step();
    // What was written last is lost: as if the process had been killed after the last call.
    const written = harness.state;
    await harness.ask({ ...before, cursor: (ids[2] ?? 0) - 0, revision: written.revision });
    await harness.start();
    await harness.pass(0);
    expect(harness.channel.delivered.map(({ id }) => id)).toEqual([...ids, ids[3]].map((id) => `it.${id}`));
  });

  it('makes a dead letter of what is refused, and of the clear that follows it; redriving tells both, in order', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = REFUSED;
    const [first = 0] = await harness.raise(['E1']);
    await harness.pass(0);
    harness.channel.answer = { outcome: 'delivered' };
    const other = await harness.raise(['E2']);
    const [clear = 0] = await harness.clear(['E1']);
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles(other));
    const letters = await harness.storage.deadLetters.list('it', 10);
    expect(letters.map(({ id, reason }) => [id, reason])).toEqual([
      [`it.${first}`, 'HTTP 400'],
      [`it.${clear}`, 'the raise that it ends is a dead letter'],
    ]);
    await harness.ask({ redrive: { before: harness.clock.now() } });
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles([...other, first, clear]));
    expect(harness.channel.delivered.map(({ id }) => id).slice(1)).toEqual([`it.${first}`, `it.${clear}`]);
    expect(await harness.storage.deadLetters.count('it')).toBe(0);
    expect(harness.state.redrive).toBeUndefined();
  });

  it('tells the clear of a raise that was redriven before it', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = REFUSED;
    const raised = await harness.raise(['E1']);
    await harness.pass(0);
    harness.channel.answer = { outcome: 'delivered' };
    await harness.ask({ redrive: { before: harness.clock.now() } });
    await harness.pass(MINUTE);
    await harness.start();
    const cleared = await harness.clear(['E1']);
    await harness.pass(0);
    expect(harness.channel.arrived).toEqual(singles([...raised, ...cleared]));
  });

  it('keeps a dead letter that is refused again, and tries it once a request', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = REFUSED;
    await harness.raise(['E1', 'E2']);
    await harness.pass(0);
    await harness.ask({ redrive: { before: harness.clock.now() } });
    harness.clock.advance(1);
    await harness.pass(MINUTE);
    expect(harness.channel.attempts).toHaveLength(4);
    expect(await harness.storage.deadLetters.count('it')).toBe(2);
  });

  it('gives up after a day of failures, and no event that is younger', async () => {
    harness = await ChannelHarness.open('webhook', [route({})], { retryMaxMs: 20 * MINUTE });
    harness.channel.answer = DOWN;
    const [old = 0] = await harness.raise(['E1']);
    await harness.pass(DAY - MINUTE);
    const young = await harness.raise(['E2']);
    expect(await harness.storage.deadLetters.count('it')).toBe(0);
    await harness.pass(30 * MINUTE);
    expect((await harness.storage.deadLetters.list('it', 10)).map(({ id }) => id)).toEqual([`it.${old}`]);
    harness.channel.answer = { outcome: 'delivered' };
    await harness.pass(30 * MINUTE);
    expect(harness.channel.arrived).toEqual(singles(young));
  });

  it('gives an event that is old at a start its attempts all the same', async () => {
    harness = await ChannelHarness.open('webhook');
    const ids = await harness.raise(['E1']);
    harness.clock.advance(3 * DAY);
    harness.channel.answer = DOWN;
    await harness.pass(MINUTE);
    harness.channel.answer = { outcome: 'delivered' };
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles(ids));
  });

  it('stops where the address is gone, loses nothing, and goes on when it is resumed', async () => {
    harness = await ChannelHarness.open('webhook');
    harness.channel.answer = { outcome: 'failed', retryable: false, isGone: true, reason: 'HTTP 410' };
    const ids = await harness.raise(['E1']);
    await harness.pass(MINUTE);
    ids.push(...(await harness.raise(['E2'])));
    await harness.pass(DAY);
    expect(harness.channel.attempts).toHaveLength(1);
    expect(harness.state.stopped).toMatchObject({ reason: 'HTTP 410' });
    await harness.start();
    await harness.pass(DAY);
    expect(harness.channel.attempts).toHaveLength(1);
    harness.channel.answer = { outcome: 'delivered' };
    await harness.ask({ stopped: undefined });
    await harness.pass(0);
    expect(harness.channel.arrived).toEqual(singles(ids));
  });

  it('writes nothing once another instance has taken it over', async () => {
    harness = await ChannelHarness.open('webhook');
    const worker = harness.step.bind(harness);
    await harness.raise(['E1']);
    const state = await harness.storage.channelStates.get('it');
    if (!state) throw new Error('There is no state');
    await harness.storage.channelStates.put({ ...state, holder: 'other', revision: state.revision + 1 });
    await expect(worker()).rejects.toThrow(LeaseLostError);
    expect(await harness.storage.channelStates.get('it')).toMatchObject({ holder: 'other', delivered: 0 });
  });
});

describe('gathered', () => {
  it('an upload that raises 5,000 is one message, and a critical department does not wait for it', async () => {
    harness = await ChannelHarness.open('slack', [
      route({ match: { types: ['department_critical'] }, groupWindowMs: 0 }),
      route({}),
    ]);
    const raised = await harness.raise(people(5_000));
    const critical = await harness.turnCritical('Sales');
    await harness.pass(0);
    expect(harness.channel.arrived).toEqual([critical]);
    await harness.pass(30_000);
    expect(harness.channel.delivered).toHaveLength(2);
    const [, digest] = harness.channel.delivered;
    expect(digest).toMatchObject({
      id: `it.${raised[0]}-${raised.at(-1)}`,
      isGroup: true,
      digest: { raised: { employee_stress: 5_000, department_critical: 0 } },
    });
    expect(digest?.events).toHaveLength(10);
    expect(
      digest?.events.every((event) => event.kind === 'raised' && event.alert === 'employee_stress'),
    ).toBe(true);
    await harness.pass(DAY);
    expect(harness.channel.attempts).toHaveLength(2);
    expect(harness.state).toMatchObject({ cursor: harness.log.head, done: '' });
  });

  it('stays the same message, whatever comes while it is tried, after a kill too', async () => {
    harness = await ChannelHarness.open('slack');
    harness.channel.answer = DOWN;
    const first = await harness.raise(['E1', 'E2']);
    await harness.pass(MINUTE);
    const next = await harness.clear(['E1']);
    await harness.pass(MINUTE);
    await harness.start();
    harness.channel.answer = { outcome: 'delivered' };
    await harness.pass(2 * MINUTE);
    expect(harness.channel.arrived).toEqual([first, next]);
    const ids = new Set(harness.channel.attempts.map(({ notification }) => notification.id));
    expect([...ids]).toEqual([`it.${first[0]}-${first[1]}`, `it.${next[0]}-${next[0]}`]);
  });

  it('webhooks get groups of fifty', async () => {
    harness = await ChannelHarness.open('webhook', [route({ groupWindowMs: 5_000 })]);
    const ids = await harness.raise(people(120));
    await harness.pass(4_999);
    expect(harness.channel.attempts).toHaveLength(0);
    await harness.pass(1);
    expect(harness.channel.arrived).toEqual([ids.slice(0, 50), ids.slice(50, 100), ids.slice(100)]);
  });

  it('one lane that fails holds up no other', async () => {
    harness = await ChannelHarness.open('webhook', [
      route({ match: { departments: ['Sales'] } }),
      route({ match: { departments: ['Legal'] } }),
    ]);
    const deliver = harness.channel.deliver.bind(harness.channel);
    harness.channel.deliver = (notification) => {
      harness.channel.answer =
        notification.events[0]?.department === 'Sales' ? DOWN : { outcome: 'delivered' };
      return deliver(notification);
    };
    await harness.raise(['E1']);
    const legal = await harness.raise(['E2', 'E3'], { department: 'Legal' });
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles(legal));
    await harness.start();
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles(legal));
    expect(harness.state.cursor).toBeLessThan(legal[0] ?? 0);
  });

  it('holds back in quiet hours, and tells all at their end', async () => {
    const quiet = { from: 22 * 60, to: 6 * 60 };
    const now = Date.parse('2026-03-02T23:00:00Z');
    harness = await ChannelHarness.open('slack', [route({ quiet, groupWindowMs: 0 })], { now });
    const ids = await harness.raise(['E1']);
    await harness.pass(60 * MINUTE);
    ids.push(...(await harness.raise(['E2'])));
    await harness.pass(6 * 60 * MINUTE - 1);
    expect(harness.channel.attempts).toHaveLength(0);
    await harness.pass(1);
    expect(harness.channel.arrived).toEqual([ids]);
  });

  it('keeps the pause of its channel', async () => {
    harness = await ChannelHarness.open('slack', [route({ groupWindowMs: 0 })]);
    harness.channel.pauseMs = 1_000;
    for (const id of people(3)) {
      await harness.raise([id]);
      await harness.step();
    }
    expect(harness.channel.attempts).toHaveLength(1);
    await harness.pass(MINUTE);
    expect(harness.channel.delivered.map((notification) => countOf(notification))).toEqual([1, 2]);
  });

  it('reminds of what still fires, and of nothing else', async () => {
    harness = await ChannelHarness.open('slack', [route({ groupWindowMs: 0, repeatMs: 60 * MINUTE })]);
    const [one = 0] = await harness.raise(['E1']);
    await harness.pass(MINUTE);
    const [two = 0] = await harness.raise(['E2']);
    await harness.pass(58 * MINUTE);
    await harness.clear(['E2']);
    await harness.pass(3 * MINUTE);
    const kinds = harness.channel.delivered.map(({ kind, events }) => [kind, ...events.map(({ id }) => id)]);
    expect(kinds.slice(0, 2)).toEqual([
      ['alerts', one],
      ['alerts', two],
    ]);
    expect(kinds.at(-1)).toEqual(['reminder', one]);
    expect(kinds).toHaveLength(4);
    await harness.start();
    await harness.pass(58 * MINUTE - 1);
    expect(harness.channel.delivered).toHaveLength(4);
    await harness.clear(['E1']);
    await harness.pass(DAY);
    expect(harness.channel.delivered).toHaveLength(5);
  });
});

describe('routes that change', () => {
  it('a clear follows its raise, and nobody is told the end of what he was not told', async () => {
    harness = await ChannelHarness.open('webhook', [route({ match: { departments: ['Sales'] } })]);
    const [sales = 0] = await harness.raise(['E1']);
    await harness.raise(['E2'], { department: 'Legal' });
    await harness.pass(0);
    await harness.start([route({ match: { departments: ['Legal'] } })]);
    const [end = 0] = await harness.clear(['E1']);
    await harness.clear(['E2']);
    const [next = 0] = await harness.raise(['E2'], { department: 'Legal' });
    await harness.pass(MINUTE);
    expect(harness.channel.arrived).toEqual(singles([sales, end, next]));
    expect(harness.state).toMatchObject({ toldBefore: '', neverTold: '' });
  });

  it('what waited takes the new routes', async () => {
    harness = await ChannelHarness.open('webhook', [route({ groupWindowMs: MINUTE })]);
    const ids = await harness.raise(people(3));
    await harness.step();
    await harness.start([route({})]);
    await harness.pass(0);
    expect(harness.channel.arrived).toEqual(singles(ids));
  });
});
