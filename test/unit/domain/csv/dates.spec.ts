import { describe, expect, it } from '@jest/globals';
import { readDate } from '../../../../src/domain/csv/dates.js';

const NOW = Date.parse('2026-06-15T12:00:00Z');

describe('readDate', () => {
  it.each([
    ['2024-02-29', '2024-02-29'],
    [' 2025-03-01 ', '2025-03-01'],
    ['2025-03-01T08:30', '2025-03-01T08:30:00.000Z'],
    ['2025-03-01 08:30:15.5', '2025-03-01T08:30:15.500Z'],
    ['2025-03-01T00:30:00+07:00', '2025-02-28T17:30:00.000Z'],
    ['2000-02-29', '2000-02-29'],
    ['2025-03-01t08:30:00z', '2025-03-01T08:30:00.000Z'],
    ['2025-12-31T23:30:00-0330', '2026-01-01T03:00:00.000Z'],
    ['2026-06-16', '2026-06-16'],
    ['2026-06-16T12:00:00Z', '2026-06-16T12:00:00.000Z'],
  ])('reads %s', (text, date) => {
    expect(readDate(text, 'ISO', NOW)).toEqual({ date });
  });

  it.each([
    ['', 'blank_date'],
    ['2024-02-30', 'invalid_date'],
    ['2023-02-29', 'invalid_date'],
    ['1900-02-29', 'invalid_date'],
    ['2025-13-01', 'invalid_date'],
    ['2025-00-10', 'invalid_date'],
    ['0099-01-01', 'invalid_date'],
    ['1899-12-31', 'invalid_date'],
    ['2025-03-01T08:30+15:00', 'invalid_date'],
    ['2025-03-01T08', 'invalid_date'],
    ['٢٠٢٥-٠٣-٠١', 'invalid_date'],
    ['1/2/24', 'invalid_date'],
    ['2025-03-01T24:00', 'invalid_date'],
    ['45352', 'invalid_date'],
    ['20250301', 'invalid_date'],
    ['yesterday', 'invalid_date'],
    ['01/02/2024', 'ambiguous_date'],
    ['31/01/2024', 'ambiguous_date'],
    ['2026-06-17', 'future_date'],
    ['2026-06-16T12:00:01Z', 'future_date'],
  ])('refuses %s as %s', (text, error) => {
    expect(readDate(text, 'ISO', NOW)).toEqual({ error });
  });

  it.each([
    ['01/02/2024', 'DMY', { date: '2024-02-01' }],
    ['01/02/2024', 'MDY', { date: '2024-01-02' }],
    ['31.1.2024', 'DMY', { date: '2024-01-31' }],
    ['31/01/2024', 'MDY', { error: 'invalid_date' }],
    ['29/02/2023', 'DMY', { error: 'invalid_date' }],
    ['17.06.2026', 'DMY', { error: 'future_date' }],
    ['2024-01-31', 'DMY', { date: '2024-01-31' }],
  ] as const)('reads %s as %s', (text, format, expected) => {
    expect(readDate(text, format, NOW)).toEqual(expected);
  });
});
