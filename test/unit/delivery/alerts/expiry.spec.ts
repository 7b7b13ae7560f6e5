import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Expiry } from '../../../../src/delivery/alerts/expiry.js';
import { SettableClock } from '../../../support/app/settable-clock.js';

const DAY = 86_400_000;
let clock: SettableClock;
let reported: string[];
let expiry: Expiry;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'Date', 'nextTick', 'queueMicrotask', 'setImmediate'] });
  clock = new SettableClock(1_000);
  reported = [];
  expiry = new Expiry(clock);
});
afterEach(() => {
  expiry.cancel();
  jest.useRealTimers();
});

const report = (name: string) => () => void reported.push(name);
const pass = (ms: number) => {
  clock.advance(ms);
  jest.advanceTimersByTime(ms);
};

describe('the expiry of an admission', () => {
  it('is over at its time and not before, and is reported once', () => {
    expiry.set(1_500, report('a'));
    pass(499);
    expect([expiry.isOver, reported]).toEqual([false, []]);
    pass(1);
    expect([expiry.isOver, reported]).toEqual([true, ['a']]);
    expiry.check();
    pass(DAY);
    expect(reported).toEqual(['a']);
  });

  it('is reported by a check when the timer is late, and not again by the timer', () => {
    expiry.set(1_500, report('a'));
    clock.advance(600);
    expiry.check();
    expect(reported).toEqual(['a']);
    jest.advanceTimersByTime(DAY);
    expect(reported).toEqual(['a']);
  });

  it('waits on when the timer is early, as after the clock was set back', () => {
    expiry.set(1_500, report('a'));
    clock.advance(-200);
    jest.advanceTimersByTime(500);
    expect(reported).toEqual([]);
    pass(700);
    expect(reported).toEqual(['a']);
  });

  it('can be moved, and lifted', () => {
    expiry.set(1_500, report('a'));
    expiry.set(2_000, report('b'));
    pass(999);
    expect(reported).toEqual([]);
    pass(1);
    expect(reported).toEqual(['b']);
    expiry.set(undefined, report('c'));
    pass(DAY);
    expect([expiry.isOver, reported]).toEqual([false, ['b']]);
  });

  it('may be further away than a timer of Node can wait', () => {
    expiry.set(1_000 + 60 * DAY, report('a'));
    for (let day = 0; day < 59; day += 1) pass(DAY);
    expect(reported).toEqual([]);
    pass(DAY);
    expect(reported).toEqual(['a']);
  });

  it('reports nothing once it is cancelled, and stays over', () => {
    expiry.set(1_500, report('a'));
    expiry.cancel();
    pass(DAY);
    expiry.check();
    expect([expiry.isOver, reported]).toEqual([true, []]);
  });
});
