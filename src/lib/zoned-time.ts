/** Offsets change at quarters of an hour at most, so one look-up serves 15 minutes. */
const QUARTER_HOUR_MS = 900_000;

/** Formats times in one zone as ISO-8601 with its offset: `2026-11-22T20:12:00.123+07:00`; UTC is `+00:00`. */
export class ZonedTime {
  private readonly format: Intl.DateTimeFormat;
  private quarter = Number.NaN;
  private offsetMs = 0;
  private offsetText = '+00:00';

  /** `timeZone` is a name of the IANA list; throws RangeError for any other. */
  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** `at` is in milliseconds since 1970. */
  iso(at: number): string {
    const quarter = Math.floor(at / QUARTER_HOUR_MS);
    if (quarter !== this.quarter) {
      this.quarter = quarter;
      this.readOffset(at);
    }
    return new Date(at + this.offsetMs).toISOString().slice(0, -1) + this.offsetText;
  }

  private readOffset(at: number): void {
    const name = this.format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '00', minutes = '00'] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    this.offsetText = `${sign}${hours}:${minutes}`;
    this.offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  }
}
