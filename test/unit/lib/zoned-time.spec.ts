import { describe, expect, it } from '@jest/globals';
import { ZonedTime } from '../../../src/lib/zoned-time.js';

describe('ZonedTime', () => {
  it.each([
    ['UTC', '2026-11-22T20:12:00.123Z', '2026-11-22T20:12:00.123+00:00'],
    ['Asia/Kolkata', '2026-11-22T20:12:00.000Z', '2026-11-23T01:42:00.000+05:30'],
    ['America/St_Johns', '2026-01-01T00:00:00.000Z', '2025-12-31T20:30:00.000-03:30'],
    ['Asia/Bangkok', '2026-11-22T20:12:00.000Z', '2026-11-23T03:12:00.000+07:00'],
  ])('in %s', (zone, utc, expected) => {
    expect(new ZonedTime(zone).iso(Date.parse(utc))).toBe(expected);
  });

  it('keeps an hour that comes twice apart by its offset', () => {
    const berlin = new ZonedTime('Europe/Berlin');
    expect(berlin.iso(Date.parse('2026-10-25T00:30:00Z'))).toBe('2026-10-25T02:30:00.000+02:00');
    expect(berlin.iso(Date.parse('2026-10-25T01:30:00Z'))).toBe('2026-10-25T02:30:00.000+01:00');
  });

  it('refuses a zone that does not exist', () => {
    expect(() => new ZonedTime('Mars/Olympus')).toThrow(RangeError);
  });

  it('follows summer time, in both directions', () => {
    const berlin = new ZonedTime('Europe/Berlin');
    expect(berlin.iso(Date.parse('2026-03-29T00:59:59Z'))).toBe('2026-03-29T01:59:59.000+01:00');
    expect(berlin.iso(Date.parse('2026-03-29T01:00:00Z'))).toBe('2026-03-29T03:00:00.000+02:00');
    expect(berlin.iso(Date.parse('2026-03-29T00:59:59Z'))).toBe('2026-03-29T01:59:59.000+01:00');
  });
});
