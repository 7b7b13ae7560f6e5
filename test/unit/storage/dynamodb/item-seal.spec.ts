import { describe, expect, it } from '@jest/globals';
import type { Item } from '../../../../src/storage/dynamodb/item-fields.js';
import { EMPLOYEE_ITEMS } from '../../../../src/storage/dynamodb/entity-items.js';
import { originOf, SEAL, sealOf } from '../../../../src/storage/dynamodb/item-seal.js';
import { fullEmployee } from '../../../support/storage/storage-entities.js';

const AT = Date.UTC(2026, 10, 23);
const MINUTE_MS = 60_000;

/** An item after a write of ours that is based on another one. */
function written(stored: Item | undefined, stress: number, id = 'E1', at = AT): Item {
  const full = fullEmployee(id);
  const after = {
    ...full,
    metrics: { ...full.metrics, rates: { ...full.metrics.rates, stress_rate: stress } },
  };
  const item = EMPLOYEE_ITEMS.toItem(after);
  return { ...stored, ...item, [SEAL]: sealOf({ stored, item, at }) };
}

const origin = (stored: Item | undefined, now: Item | undefined, id = 'E1', at = AT) =>
  originOf(EMPLOYEE_ITEMS, { id, stored, now, at });

describe('the seal of an item', () => {
  const first = written(undefined, 10);
  const second = written(first, 20);
  const third = written(second, 30);

  it('shows that a write is ours, also beside attributes of others, and seconds apart', () => {
    expect(origin(undefined, first)).toBe('own');
    expect(origin(first, second)).toBe('own');
    const shoe = { ...first, shoe_size: 43 };
    expect(origin(shoe, written(shoe, 50))).toBe('own');
    expect(origin(undefined, first, 'E1', AT + MINUTE_MS)).toBe('own');
  });

  it('shows that another tool has written, which knows nothing of seals', () => {
    expect(origin(undefined, { stress_rate: 90 })).toBe('other');
    expect(origin(first, { ...first, stress_rate: 90 })).toBe('other');
    expect(origin(first, { ...first, metrics_updated_at: '2026-11-23T00:00:00.000Z' })).toBe('other');
    const { [SEAL]: _, ...unsealed } = first;
    expect(origin(first, unsealed)).toBe('other');
  });

  it.each([
    ['a copy of another item', origin(written(undefined, 5, 'E2'), first, 'E2')],
    ['a copy of another item, where there was none', origin(undefined, first, 'E2')],
    ['an old state that is put back', origin(third, first)],
    ['the state before that is put back', origin(third, second)],
    [
      'a state that is put back a day later, over the one that it was written over',
      origin(first, second, 'E1', AT + 1_440 * MINUTE_MS),
    ],
    ['the seal of our write with another value', origin(first, { ...second, stress_rate: 90 })],
    [
      'our write beside an edit that it has not seen',
      origin({ ...first, ESG: 1 }, { ...second, Dim_ESG: 1 }),
    ],
    ['something that is no seal', origin(first, { ...first, [SEAL]: 7 })],
    ['something like a seal', origin(first, { ...first, [SEAL]: 'x.y' })],
    ['a removal', origin(first, undefined)],
  ])('does not hold for %s', (_, told) => {
    expect(told).toBe('unclear');
  });
});
