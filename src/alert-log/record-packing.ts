import type { LogDecision, LogEvent } from '../domain/alerts/log-event.js';
import { MAX_RECORD_BYTES, type LogRecord } from '../storage/ports/alert-log.store.js';

/** Gives decisions their ids, from `first` on, and packs them into records of at most {@link MAX_RECORD_BYTES}. */
export function packRecords(decisions: readonly LogDecision[], first: number): LogRecord[] {
  const records: LogRecord[] = [];
  let events: LogEvent[] = [];
  let bytes = 2;
  decisions.forEach((decision, index) => {
    const event: LogEvent = { ...decision, id: first + index };
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (events.length > 0 && bytes + size > MAX_RECORD_BYTES) {
      records.push({ first: first + index - events.length, events });
      events = [];
      bytes = 2;
    }
    events.push(event);
    bytes += size;
  });
  if (events.length > 0) records.push({ first: first + decisions.length - events.length, events });
  return records;
}
