import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import type { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { NotifiableEvent } from '../../domain/notifications/notification.js';
import { AlertLogStore, lastIdOf, type LogRecord } from '../../storage/ports/alert-log.store.js';

/** Records kept: destinations that are equally far read the same ones. Each is below 256 KB. */
const KEPT = 32;

/** The events of one record of the log that come after a position, and the position behind them. */
export interface LogStretch {
  readonly events: LogRecord['events'];
  /** How many events right before them the log does not hold any more. */
  readonly lost: number;
  readonly upTo: number;
}

/** Reads the alert log for destinations, a record at a time. Throws StorageError. */
@Injectable()
export class ChannelLog implements OnModuleInit {
  private kept: LogRecord[] = [];
  private readonly reading = new Map<number, Promise<LogRecord | undefined>>();
  private rewritten = 0;

  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
  ) {}

  onModuleInit(): void {
    // The kept records may hold what was erased.
    this.log.onRewritten(() => {
      this.rewritten += 1;
      this.kept = [];
      this.reading.clear();
    });
  }

  /** The id of the newest event. */
  get head(): number {
    return this.log.head;
  }

  /** Changes whenever events are rewritten: what was made of them before must not be sent. */
  get generation(): number {
    return this.rewritten;
  }

  /** Whether a raise still fires. */
  isFiring(id: number): boolean {
    return this.log.findById(id) !== undefined;
  }

  /** The events that come next after an id; undefined at the head. */
  async after(id: number): Promise<LogStretch | undefined> {
    if (id >= this.log.head) return undefined;
    const record = await this.recordAfter(id);
    if (record === undefined) return undefined;
    const lost = Math.max(0, record.first - id - 1);
    return { events: record.events.filter((event) => event.id > id), lost, upTo: lastIdOf(record) };
  }

  /** The events with these ids, in order and in batches. Trimmed events are left out, unless they still fire. */
  async *events(ids: IdRanges): AsyncIterable<readonly NotifiableEvent[]> {
    for (let next = ids.first; next !== undefined;) {
      const record = await this.recordAfter(next - 1);
      const before = record?.first ?? Infinity;
      for (; next !== undefined && next < before; next = ids.firstFrom(next + 1)) {
        const firing = this.log.findById(next);
        if (firing) yield [firing];
      }
      if (record === undefined || next === undefined) return;
      yield record.events.filter((event) => isRaiseOrClear(event)).filter(({ id }) => ids.has(id));
      next = ids.firstFrom(lastIdOf(record) + 1);
    }
  }

  private async recordAfter(id: number): Promise<LogRecord | undefined> {
    const known = this.kept.find((record) => record.first <= id + 1 && lastIdOf(record) > id);
    if (known) return known;
    const reading = this.reading.get(id) ?? this.read(id);
    this.reading.set(id, reading);
    return reading.finally(() => this.reading.delete(id));
  }

  private async read(id: number): Promise<LogRecord | undefined> {
    const { generation } = this;
    const [record] = await this.store.read(id, 1);
    if (record && generation === this.generation) this.kept = [record, ...this.kept.slice(0, KEPT - 1)];
    return record;
  }
}

function isRaiseOrClear(event: LogRecord['events'][number]): event is NotifiableEvent {
  return event.kind === 'raised' || event.kind === 'cleared';
}
