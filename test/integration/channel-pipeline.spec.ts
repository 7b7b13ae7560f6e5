import { afterEach, describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../src/delivery/channels/channel-lease.js';
import { countOf } from '../../src/domain/notifications/notification.js';
import { ChannelRoom, DAY, DOWN, MINUTE, REFUSED, route } from '../support/app/channel-harness.js';

let room: ChannelRoom;
afterEach(() => room.close());

const people = (count: number, prefix = 'E') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const singles = (ids: number[]) => ids.map((id) => [id]);

describe('one event a call', () => {
  it('tells everything once, in order, under ids of the events', async () => {
    room = await ChannelRoom.open('webhook');
    const raised = await room.raise(people(5));
    const cleared = await room.clear(['E1', 'E3']);
    const critical = await room.turnCritical('Sales');
    await room.pass(0);
    const all = [...raised, ...cleared, ...critical];
    expect(room.channel.told).toEqual(singles(all));
    expect(room.channel.delivered.map(({ id }) => id)).toEqual(all.map((id) => `it.${id}`));
    expect(room.state).toMatchObject({ cursor: room.log.head, done: '', prepared: [], delivered: 8 });
    await room.pass(DAY);
    expect(room.channel.attempts).toHaveLength(8);
  });

  it('tells nothing of what happened before it was there, nor its end', async () => {
    room = await ChannelRoom.open('webhook');
    await room.ask({ since: room.log.head + 3, cursor: room.log.head + 3 });
    await room.raise(people(3));
    await room.start();
    await room.clear(['E0']);
    const next = await room.raise(['E9']);
    await room.pass(0);
    expect(room.channel.told).toEqual(singles(next));
  });

  it('holds all three in order while a receiver is down for ten minutes: raise, clear, raise', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = DOWN;
    const ids = await room.raise(['E1']);
    await room.pass(3 * MINUTE);
    ids.push(...(await room.clear(['E1'])));
    await room.pass(3 * MINUTE);
    ids.push(...(await room.raise(['E1'])));
    await room.pass(4 * MINUTE);
    const { length } = room.channel.attempts;
    // 1 + 2 + 4 + 8 + 16 s, then every 15 to 30 s.
    expect(length).toBeGreaterThan(600 / 30);
    expect(length).toBeLessThan(600 / 15 + 6);
    expect(new Set(room.channel.attempts.map(({ notification }) => notification.id)).size).toBe(1);
    expect(room.state).toMatchObject({ lastError: { reason: 'HTTP 503' } });
    expect(room.state.failingSince).toBeDefined();
    room.channel.answer = { outcome: 'delivered' };
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles(ids));
    expect(room.state.failingSince).toBeUndefined();
  });

  it('comes back no sooner than the receiver asked', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = { outcome: 'failed', retryable: true, reason: 'HTTP 429', retryAfterMs: 3_000 };
    await room.raise(['E1']);
    await room.pass(0);
    room.channel.answer = { outcome: 'delivered' };
    await room.pass(2_999);
    expect(room.channel.delivered).toHaveLength(0);
    await room.pass(1);
    expect(room.channel.delivered).toHaveLength(1);
  });

  it('repeats at most one message, under its id, after a kill between sending and writing', async () => {
    room = await ChannelRoom.open('webhook');
    const ids = await room.raise(people(4));
    const before = room.state;
    await room.step();
    // What was written last is lost: as if the process had been killed after the last call.
    const written = room.state;
    await room.ask({ ...before, cursor: (ids[2] ?? 0) - 0, revision: written.revision });
    await room.start();
    await room.pass(0);
    expect(room.channel.delivered.map(({ id }) => id)).toEqual([...ids, ids[3]].map((id) => `it.${id}`));
  });

  it('makes a dead letter of what is refused, and of the clear that follows it; redriving tells both, in order', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = REFUSED;
    const [first = 0] = await room.raise(['E1']);
    await room.pass(0);
    room.channel.answer = { outcome: 'delivered' };
    const other = await room.raise(['E2']);
    const [clear = 0] = await room.clear(['E1']);
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles(other));
    const letters = await room.storage.deadLetters.list('it', 10);
    expect(letters.map(({ id, reason }) => [id, reason])).toEqual([
      [`it.${first}`, 'HTTP 400'],
      [`it.${clear}`, 'the raise that it ends is a dead letter'],
    ]);
    await room.ask({ redrive: { before: room.clock.now() } });
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles([...other, first, clear]));
    expect(room.channel.delivered.map(({ id }) => id).slice(1)).toEqual([`it.${first}`, `it.${clear}`]);
    expect(await room.storage.deadLetters.count('it')).toBe(0);
    expect(room.state.redrive).toBeUndefined();
  });

  it('tells the clear of a raise that was redriven before it', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = REFUSED;
    const raised = await room.raise(['E1']);
    await room.pass(0);
    room.channel.answer = { outcome: 'delivered' };
    await room.ask({ redrive: { before: room.clock.now() } });
    await room.pass(MINUTE);
    await room.start();
    const cleared = await room.clear(['E1']);
    await room.pass(0);
    expect(room.channel.told).toEqual(singles([...raised, ...cleared]));
  });

  it('keeps a dead letter that is refused again, and tries it once a request', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = REFUSED;
    await room.raise(['E1', 'E2']);
    await room.pass(0);
    await room.ask({ redrive: { before: room.clock.now() } });
    room.clock.advance(1);
    await room.pass(MINUTE);
    expect(room.channel.attempts).toHaveLength(4);
    expect(await room.storage.deadLetters.count('it')).toBe(2);
  });

  it('gives up after a day of failures, and no event that is younger', async () => {
    room = await ChannelRoom.open('webhook', [route({})], { retryMaxMs: 20 * MINUTE });
    room.channel.answer = DOWN;
    const [old = 0] = await room.raise(['E1']);
    await room.pass(DAY - MINUTE);
    const young = await room.raise(['E2']);
    expect(await room.storage.deadLetters.count('it')).toBe(0);
    await room.pass(30 * MINUTE);
    expect((await room.storage.deadLetters.list('it', 10)).map(({ id }) => id)).toEqual([`it.${old}`]);
    room.channel.answer = { outcome: 'delivered' };
    await room.pass(30 * MINUTE);
    expect(room.channel.told).toEqual(singles(young));
  });

  it('gives an event that is old at a start its attempts all the same', async () => {
    room = await ChannelRoom.open('webhook');
    const ids = await room.raise(['E1']);
    room.clock.advance(3 * DAY);
    room.channel.answer = DOWN;
    await room.pass(MINUTE);
    room.channel.answer = { outcome: 'delivered' };
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles(ids));
  });

  it('stops where the address is gone, loses nothing, and goes on when it is resumed', async () => {
    room = await ChannelRoom.open('webhook');
    room.channel.answer = { outcome: 'failed', retryable: false, isGone: true, reason: 'HTTP 410' };
    const ids = await room.raise(['E1']);
    await room.pass(MINUTE);
    ids.push(...(await room.raise(['E2'])));
    await room.pass(DAY);
    expect(room.channel.attempts).toHaveLength(1);
    expect(room.state.stopped).toMatchObject({ reason: 'HTTP 410' });
    await room.start();
    await room.pass(DAY);
    expect(room.channel.attempts).toHaveLength(1);
    room.channel.answer = { outcome: 'delivered' };
    await room.ask({ stopped: undefined });
    await room.pass(0);
    expect(room.channel.told).toEqual(singles(ids));
  });

  it('writes nothing once another instance has taken it over', async () => {
    room = await ChannelRoom.open('webhook');
    const worker = room.step.bind(room);
    await room.raise(['E1']);
    const state = await room.storage.channelStates.get('it');
    if (!state) throw new Error('There is no state');
    await room.storage.channelStates.put({ ...state, holder: 'other', revision: state.revision + 1 });
    await expect(worker()).rejects.toThrow(LeaseLostError);
    expect(await room.storage.channelStates.get('it')).toMatchObject({ holder: 'other', delivered: 0 });
  });
});

describe('gathered', () => {
  it('an upload that raises 5,000 is one message, and a critical department does not wait for it', async () => {
    room = await ChannelRoom.open('slack', [
      route({ match: { types: ['department_critical'] }, groupWindowMs: 0 }),
      route({}),
    ]);
    const raised = await room.raise(people(5_000));
    const critical = await room.turnCritical('Sales');
    await room.pass(0);
    expect(room.channel.told).toEqual([critical]);
    await room.pass(30_000);
    expect(room.channel.delivered).toHaveLength(2);
    const [, digest] = room.channel.delivered;
    expect(digest).toMatchObject({
      id: `it.${raised[0]}-${raised.at(-1)}`,
      isGroup: true,
      digest: { raised: { employee_stress: 5_000, department_critical: 0 } },
    });
    expect(digest?.events).toHaveLength(10);
    expect(
      digest?.events.every((event) => event.kind === 'raised' && event.alert === 'employee_stress'),
    ).toBe(true);
    await room.pass(DAY);
    expect(room.channel.attempts).toHaveLength(2);
    expect(room.state).toMatchObject({ cursor: room.log.head, done: '' });
  });

  it('stays the same message, whatever comes while it is tried, after a kill too', async () => {
    room = await ChannelRoom.open('slack');
    room.channel.answer = DOWN;
    const first = await room.raise(['E1', 'E2']);
    await room.pass(MINUTE);
    const next = await room.clear(['E1']);
    await room.pass(MINUTE);
    await room.start();
    room.channel.answer = { outcome: 'delivered' };
    await room.pass(2 * MINUTE);
    expect(room.channel.told).toEqual([first, next]);
    const ids = new Set(room.channel.attempts.map(({ notification }) => notification.id));
    expect([...ids]).toEqual([`it.${first[0]}-${first[1]}`, `it.${next[0]}-${next[0]}`]);
  });

  it('webhooks get groups of fifty', async () => {
    room = await ChannelRoom.open('webhook', [route({ groupWindowMs: 5_000 })]);
    const ids = await room.raise(people(120));
    await room.pass(4_999);
    expect(room.channel.attempts).toHaveLength(0);
    await room.pass(1);
    expect(room.channel.told).toEqual([ids.slice(0, 50), ids.slice(50, 100), ids.slice(100)]);
  });

  it('one lane that fails holds up no other', async () => {
    room = await ChannelRoom.open('webhook', [
      route({ match: { departments: ['Sales'] } }),
      route({ match: { departments: ['Legal'] } }),
    ]);
    const deliver = room.channel.deliver.bind(room.channel);
    room.channel.deliver = (notification) => {
      room.channel.answer = notification.events[0]?.department === 'Sales' ? DOWN : { outcome: 'delivered' };
      return deliver(notification);
    };
    await room.raise(['E1']);
    const legal = await room.raise(['E2', 'E3'], { department: 'Legal' });
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles(legal));
    await room.start();
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles(legal));
    expect(room.state.cursor).toBeLessThan(legal[0] ?? 0);
  });

  it('holds back in quiet hours, and tells all at their end', async () => {
    const quiet = { from: 22 * 60, to: 6 * 60 };
    const now = Date.parse('2026-03-02T23:00:00Z');
    room = await ChannelRoom.open('slack', [route({ quiet, groupWindowMs: 0 })], { now });
    const ids = await room.raise(['E1']);
    await room.pass(60 * MINUTE);
    ids.push(...(await room.raise(['E2'])));
    await room.pass(6 * 60 * MINUTE - 1);
    expect(room.channel.attempts).toHaveLength(0);
    await room.pass(1);
    expect(room.channel.told).toEqual([ids]);
  });

  it('keeps the pause of its channel', async () => {
    room = await ChannelRoom.open('slack', [route({ groupWindowMs: 0 })]);
    room.channel.pauseMs = 1_000;
    for (const id of people(3)) {
      await room.raise([id]);
      await room.step();
    }
    expect(room.channel.attempts).toHaveLength(1);
    await room.pass(MINUTE);
    expect(room.channel.delivered.map((notification) => countOf(notification))).toEqual([1, 2]);
  });

  it('reminds of what still fires, and of nothing else', async () => {
    room = await ChannelRoom.open('slack', [route({ groupWindowMs: 0, repeatMs: 60 * MINUTE })]);
    const [one = 0] = await room.raise(['E1']);
    await room.pass(MINUTE);
    const [two = 0] = await room.raise(['E2']);
    await room.pass(58 * MINUTE);
    await room.clear(['E2']);
    await room.pass(3 * MINUTE);
    const kinds = room.channel.delivered.map(({ kind, events }) => [kind, ...events.map(({ id }) => id)]);
    expect(kinds.slice(0, 2)).toEqual([
      ['alerts', one],
      ['alerts', two],
    ]);
    expect(kinds.at(-1)).toEqual(['reminder', one]);
    expect(kinds).toHaveLength(4);
    await room.start();
    await room.pass(58 * MINUTE - 1);
    expect(room.channel.delivered).toHaveLength(4);
    await room.clear(['E1']);
    await room.pass(DAY);
    expect(room.channel.delivered).toHaveLength(5);
  });
});

describe('routes that change', () => {
  it('a clear follows its raise, and nobody is told the end of what he was not told', async () => {
    room = await ChannelRoom.open('webhook', [route({ match: { departments: ['Sales'] } })]);
    const [sales = 0] = await room.raise(['E1']);
    await room.raise(['E2'], { department: 'Legal' });
    await room.pass(0);
    await room.start([route({ match: { departments: ['Legal'] } })]);
    const [end = 0] = await room.clear(['E1']);
    await room.clear(['E2']);
    const [next = 0] = await room.raise(['E2'], { department: 'Legal' });
    await room.pass(MINUTE);
    expect(room.channel.told).toEqual(singles([sales, end, next]));
    expect(room.state).toMatchObject({ toldBefore: '', neverTold: '' });
  });

  it('what waited takes the new routes', async () => {
    room = await ChannelRoom.open('webhook', [route({ groupWindowMs: MINUTE })]);
    const ids = await room.raise(people(3));
    await room.step();
    await room.start([route({})]);
    await room.pass(0);
    expect(room.channel.told).toEqual(singles(ids));
  });
});
