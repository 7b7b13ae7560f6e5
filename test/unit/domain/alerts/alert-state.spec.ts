import { describe, expect, it } from '@jest/globals';
import { clearing } from '../../../../src/domain/alerts/evaluate.js';
import { AlertState } from '../../../../src/domain/alerts/alert-state.js';
import type { LogDecision, LogEvent } from '../../../../src/domain/alerts/log-event.js';
import { acknowledgedEvent, silenceEnded, silenceSet } from '../../../support/app/log-decisions.js';
import { raisedEvent } from '../../../support/storage/storage-entities.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When {@link raisedEvent} 0 is. */
const START = 1_700_000_000_000;

function fold(...events: readonly LogEvent[]): AlertState {
  const state = new AlertState(0);
  for (const event of events) state.apply(event);
  return state;
}
const event = <Decision extends LogDecision>(id: number, decision: Decision) => ({ ...decision, id });
const ids = (state: AlertState) => state.standing().map(({ id }) => id);
const silences = (state: AlertState) => state.silences().map(({ silenceId }) => silenceId);
const cleared = (id: number, raisedId: number) => event(id, clearing(raisedEvent(raisedId), 'recovered', id));

describe('an acknowledgement', () => {
  const raised = raisedEvent(1);

  it('lasts until its alert clears, whatever ends it', () => {
    for (const reason of ['recovered', 'deleted', 'reset', 'rule_changed'] as const) {
      const state = fold(raised, raisedEvent(2), acknowledgedEvent(3, raised));
      expect(state.acknowledgementOf(1)).toEqual(acknowledgedEvent(3, raised));
      expect(state.acknowledgementOf(2)).toBeUndefined();
      state.apply(event(4, clearing(raised, reason, 4)));
      expect(state.acknowledgementOf(1)).toBeUndefined();
      expect(ids(state)).toEqual([2]);
    }
  });

  it('is not one of the next raise of the same entity', () => {
    const again = { ...raised, id: 4 };
    const state = fold(raised, acknowledgedEvent(2, raised), cleared(3, 1), again);
    expect(state.find('department_critical', 'D1')).toBe(again);
    expect(state.acknowledgementOf(1)).toBeUndefined();
    expect(state.acknowledgementOf(4)).toBeUndefined();
    expect(ids(fold(raised, acknowledgedEvent(2, raised), again))).toEqual([4]);
  });

  it('changes nothing when it is the second, or of what does not fire', () => {
    const second = acknowledgedEvent(3, raised, { by: 'hugo', comment: 'Me too' });
    const state = fold(raised, acknowledgedEvent(2, raised), second, acknowledgedEvent(4, raisedEvent(9)));
    expect(state.acknowledgementOf(1)?.by).toBe('hera');
    expect(state.acknowledgementOf(9)).toBeUndefined();
    expect(ids(state)).toEqual([1, 2]);
    expect(state.head).toBe(4);
  });

  it('leaves the alert firing, and its place among the others', () => {
    const state = fold(raised, raisedEvent(2), acknowledgedEvent(3, raised));
    expect(state.active()).toEqual([raised, raisedEvent(2)]);
    expect(state.size).toBe(2);
  });
});

describe('a raise', () => {
  it('is found by its id while it fires', () => {
    const state = fold(raisedEvent(1), raisedEvent(2), cleared(3, 1), { ...raisedEvent(2), id: 4 });
    expect([1, 2, 3].map((id) => state.findById(id))).toEqual([undefined, undefined, undefined]);
    expect(state.findById(4)).toEqual({ ...raisedEvent(2), id: 4 });
  });

  it('is not ended by the clear of another one', () => {
    const state = fold(raisedEvent(1), event(2, { ...clearing(raisedEvent(1), 'deleted', 2), raisedId: 7 }));
    expect(state.findById(1)).toEqual(raisedEvent(1));
  });
});

describe('a silence', () => {
  it('is kept until somebody ends it', () => {
    const state = fold(event(1, silenceSet('A', START)), event(2, silenceSet('B', START)));
    expect(silences(state)).toEqual(['A', 'B']);
    state.apply(event(3, silenceEnded('A', START)));
    state.apply(event(4, silenceEnded('unknown', START)));
    expect(silences(state)).toEqual(['B']);
  });

  it('is forgotten a day after it ran out, as far as the log tells the time', () => {
    const set = event(1, silenceSet('A', START));
    const after = (ms: number) => event(2, silenceSet('B', START + HOUR + ms));
    expect(silences(fold(set, after(0)))).toEqual(['A', 'B']);
    expect(silences(fold(set, after(DAY - 1)))).toEqual(['A', 'B']);
    expect(silences(fold(set, after(DAY)))).toEqual(['B']);
    expect(ids(fold(set, after(DAY)))).toEqual([2]);
  });

  it('is not remembered again because of an older event that comes later', () => {
    const after = { ...raisedEvent(2), at: START + 2 * DAY };
    const late = event(3, silenceEnded('unknown', START));
    expect(silences(fold(event(1, silenceSet('A', START)), after, late))).toEqual([]);
  });
});

describe('what still counts', () => {
  const log: readonly LogEvent[] = [
    raisedEvent(1),
    event(2, silenceSet('A', START)),
    raisedEvent(3),
    acknowledgedEvent(4, raisedEvent(1)),
    event(5, silenceSet('B', START)),
    raisedEvent(6),
    acknowledgedEvent(7, raisedEvent(3)),
    cleared(8, 3),
    event(9, silenceEnded('B', START)),
  ];

  it('is told oldest first, and gives the same state when it is folded again', () => {
    const state = fold(...log);
    expect(ids(state)).toEqual([1, 2, 4, 6]);
    const again = new AlertState(state.head, state.standing());
    expect(again.standing()).toEqual(state.standing());
    expect(again.active()).toEqual(state.active());
    expect(again.head).toBe(9);
    expect(again.acknowledgementOf(1)).toEqual(acknowledgedEvent(4, raisedEvent(1)));
    expect(silences(again)).toEqual(['A']);
  });

  it('goes on from there as from the beginning, wherever that was', () => {
    const more: readonly LogEvent[] = [
      cleared(10, 1),
      raisedEvent(11),
      acknowledgedEvent(12, raisedEvent(6)),
      event(13, silenceEnded('A', START)),
    ];
    const all = [...log, ...more];
    for (let cut = 0; cut <= all.length; cut += 1) {
      const state = fold(...all.slice(0, cut));
      const again = new AlertState(state.head, state.standing());
      for (const next of all.slice(cut)) again.apply(next);
      expect(ids(again)).toEqual([6, 11, 12]);
    }
  });

  it('can be what an old checkpoint held: raises alone', () => {
    const state = new AlertState(5, [raisedEvent(1), raisedEvent(3)]);
    expect(ids(state)).toEqual([1, 3]);
    expect(state.findById(3)).toEqual(raisedEvent(3));
  });
});
