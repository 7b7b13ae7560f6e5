import type { DateFormat } from './file-options.js';
import type { RowErrorCode } from './import-issue.js';

const DAY_MS = 86_400_000;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const NUMERIC = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

export type DateReading = { readonly date: string } | { readonly error: RowErrorCode };

/**
 * Reads a submission date. Returns `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS.sssZ` if the text has a time (UTC without an
 * offset). Day-first and month-first forms are read only in the order that `format` names; nothing is guessed. `now` is
 * milliseconds since 1970; a date more than 24 hours after it is refused.
 */
export function readDate(text: string, format: DateFormat, now: number): DateReading {
  const trimmed = text.trim();
  if (trimmed === '') return { error: 'blank_date' };
  const iso = ISO.exec(trimmed);
  if (iso) return notInFuture(fromIso(iso), now);
  const numeric = NUMERIC.exec(trimmed);
  if (!numeric) return { error: 'invalid_date' };
  if (format === 'ISO') return { error: 'ambiguous_date' };
  const [, first = '', second = '', year = ''] = numeric;
  const [day, month] = format === 'DMY' ? [first, second] : [second, first];
  return notInFuture(calendarDate(Number(year), Number(month), Number(day)), now);
}

function calendarDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= 1900 ? date.toISOString().slice(0, 10) : undefined;
}

function fromIso(match: RegExpExecArray): string | undefined {
  const [, year, month, day, hour, minute, second = '0', fraction = '0', offset = 'Z'] = match;
  const date = calendarDate(Number(year), Number(month), Number(day));
  if (date === undefined || hour === undefined) return date;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const offsetMs = offsetOf(offset);
  if (h > 23 || m > 59 || s > 59 || offsetMs === undefined) return undefined;
  const milliseconds = Math.trunc(Number(`0.${fraction}`) * 1000);
  return new Date(Date.parse(date) + ((h * 60 + m) * 60 + s) * 1000 + milliseconds - offsetMs).toISOString();
}

function offsetOf(text: string): number | undefined {
  if (text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function notInFuture(date: string | undefined, now: number): DateReading {
  if (date === undefined) return { error: 'invalid_date' };
  return Date.parse(date) > now + DAY_MS ? { error: 'future_date' } : { date };
}
