import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlertLogStore, lastIdOf, type Checkpoint, type LogRecord } from '../ports/alert-log.store.js';
import { rewriteEvents, type EventChange } from '../ports/event-rewrite.js';
import { EmbeddedCheckpoints } from './embedded-checkpoints.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

const ORIGIN = 'origin';
const REWRITES = 'rewrites';
/** Records removed in one transaction: large ones, of 256 KB, take some milliseconds. */
const TRIM_BATCH = 64;
/** Records looked at before others get a turn, when some may have to be rewritten. */
const REWRITE_BATCH = 4;

/** The alert log in the embedded store: records by the id of their first event. */
export class EmbeddedAlertLogStore extends AlertLogStore {
  private readonly records: Table<LogRecord, number>;
  private readonly facts: Table<number>;
  private readonly checkpoints: EmbeddedCheckpoints;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.records = database.table('alert_log');
    this.facts = database.table('alert_log_facts');
    this.checkpoints = new EmbeddedCheckpoints(database);
  }

  origin(candidate: number): Promise<number> {
    return this.database.transaction('open the alert log', () => {
      const kept = this.facts.get(ORIGIN);
      if (kept !== undefined) return kept;
      this.facts.put(ORIGIN, candidate);
      return candidate;
    });
  }

  append(record: LogRecord): Promise<boolean> {
    return this.database.transaction('append to the alert log', () => {
      const [newest] = this.newest(1);
      if (newest && lastIdOf(newest) >= record.first) return false;
      this.records.put(record.first, record);
      return true;
    });
  }

  read(after: number, limit: number): Promise<LogRecord[]> {
    return this.database.read('read the alert log', () => {
      // The record that holds `after` may hold ids above it too.
      const holding = this.newest(1, after)[0];
      const rest = this.records.range({ start: after + 1, limit });
      const records = holding && lastIdOf(holding) > after ? [holding, ...rest] : rest;
      return records.slice(0, limit);
    });
  }

  readBackwards(before: number, limit: number): Promise<LogRecord[]> {
    return this.database.read('read the alert log', () => this.newest(limit, before - 1));
  }

  async trim(upTo: number): Promise<void> {
    for (;;) {
      const removed = await this.database.transaction('trim the alert log', () => {
        // Records leave no gaps, so each one ends right before the next begins, and the newest has none after it.
        const places = this.records.keys({ end: upTo + 2, limit: TRIM_BATCH + 1 }).slice(0, -1);
        for (const place of places) this.records.remove(place);
        return places.length;
      });
      if (removed < TRIM_BATCH) return;
    }
  }

  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.checkpoints.save(checkpoint);
  }

  loadCheckpoint(): Promise<Checkpoint | undefined> {
    return this.checkpoints.load();
  }

  async rewrite(change: EventChange, after: number): Promise<number> {
    let changed = 0;
    for (let position = after; ;) {
      const records = await this.read(position, REWRITE_BATCH);
      const newest = records.at(-1);
      if (newest === undefined) break;
      for (const { first, events } of records)
        if (rewriteEvents(events, change).changed > 0) changed += await this.rewriteRecord(first, change);
      position = lastIdOf(newest);
      await nextTurn();
    }
    await this.checkpoints.rewrite(change);
    await this.database.transaction('rewrite the alert log', () =>
      this.facts.put(REWRITES, (this.facts.get(REWRITES) ?? 0) + 1),
    );
    return changed;
  }

  rewrites(): Promise<number> {
    return this.database.read('read the alert log', () => this.facts.get(REWRITES) ?? 0);
  }

  private rewriteRecord(first: number, change: EventChange): Promise<number> {
    return this.database.transaction('rewrite the alert log', () => {
      const record = this.records.get(first);
      // It was trimmed since it was read.
      if (!record) return 0;
      const { events, changed } = rewriteEvents(record.events, change);
      this.records.put(first, { first, events });
      return changed;
    });
  }

  /** The newest records that begin at or before `from`, newest first. */
  private newest(limit: number, from = Number.MAX_SAFE_INTEGER): LogRecord[] {
    return this.records.range({ start: from, reverse: true, limit });
  }
}
