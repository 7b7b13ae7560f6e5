import type { ZonedTime } from '../../lib/zoned-time.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Hours without notifications, in minutes since midnight (0–1439). `to` at or before `from` is on the next day. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** Parses `22:00` to minutes since midnight. Returns undefined if the text is not a time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * The first moment at or after `at` outside the quiet hours, in milliseconds since 1970. If the clocks change in between, the
 * result can lie inside the quiet hours: call the function again at that moment.
 */
export function afterQuiet(at: number, quiet: QuietHours | undefined, zone: ZonedTime): number {
  if (quiet === undefined) return at;
  const local = zone.iso(at);
  const minute = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  const intoQuiet = (minute - quiet.from + DAY_MINUTES) % DAY_MINUTES;
  const length = (quiet.to - quiet.from + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  if (intoQuiet >= length) return at;
  const intoMinute = at % MINUTE_MS;
  return at - intoMinute + (length - intoQuiet) * MINUTE_MS;
}
