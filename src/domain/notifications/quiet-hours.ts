import type { ZonedTime } from '../../lib/zoned-time.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Hours in which nothing is sent: minutes since midnight; `to` at or before `from` is on the next day. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** `22:00` as minutes since midnight; undefined when it is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * The first moment at `at` or later in which something may be sent: milliseconds since 1970. Where clocks change in
 * between it can be early, inside the quiet hours still: ask again then.
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
