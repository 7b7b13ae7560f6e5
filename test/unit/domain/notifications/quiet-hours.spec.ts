import { describe, expect, it } from '@jest/globals';
import { afterQuiet, parseTimeOfDay } from '../../../../src/domain/notifications/quiet-hours.js';
import { ZonedTime } from '../../../../src/lib/zoned-time.js';

const night = { from: 22 * 60, to: 6 * 60 };
const utc = new ZonedTime('UTC');
const at = (text: string) => Date.parse(text);

describe('quiet hours', () => {
  it.each([
    ['2026-03-01T21:59:59.999Z', '2026-03-01T21:59:59.999Z'],
    ['2026-03-01T22:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['2026-03-01T23:59:59.123Z', '2026-03-02T06:00:00.000Z'],
    ['2026-03-02T00:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['2026-03-02T05:59:59.999Z', '2026-03-02T06:00:00.000Z'],
    ['2026-03-02T06:00:00.000Z', '2026-03-02T06:00:00.000Z'],
  ])('over midnight: what is due at %s is sent at %s', (due, sent) => {
    expect(new Date(afterQuiet(at(due), night, utc)).toISOString()).toBe(sent);
  });

  it('within a day, and none at all', () => {
    const noon = { from: 12 * 60, to: 13 * 60 };
    expect(afterQuiet(at('2026-03-01T12:30:30Z'), noon, utc)).toBe(at('2026-03-01T13:00:00Z'));
    expect(afterQuiet(at('2026-03-01T13:00:00Z'), noon, utc)).toBe(at('2026-03-01T13:00:00Z'));
    expect(afterQuiet(at('2026-03-01T12:30:30Z'), undefined, utc)).toBe(at('2026-03-01T12:30:30Z'));
  });

  it('go by the clock of their zone, half hours included', () => {
    const kolkata = new ZonedTime('Asia/Kolkata');
    expect(afterQuiet(at('2026-03-01T17:00:00Z'), night, kolkata)).toBe(at('2026-03-02T00:30:00Z'));
    expect(afterQuiet(at('2026-03-01T01:00:00Z'), night, kolkata)).toBe(at('2026-03-01T01:00:00Z'));
  });

  it('end when they end, asked again, where clocks change in between', () => {
    const berlin = new ZonedTime('Europe/Berlin');
    // 2026-10-25: the hour from two to three comes twice, so that the night has nine hours.
    const first = afterQuiet(at('2026-10-24T21:00:00Z'), night, berlin);
    expect(afterQuiet(first, night, berlin)).toBe(at('2026-10-25T05:00:00Z'));
  });

  it('are told by times of day', () => {
    expect(['00:00', '06:30', '23:59'].map(parseTimeOfDay)).toEqual([0, 390, 1_439]);
    expect(['24:00', '6:00', '06:60', '06:00:00', ''].map(parseTimeOfDay)).toEqual(Array(5).fill(undefined));
  });
});
