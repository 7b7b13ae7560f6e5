import { Inject, Injectable } from '@nestjs/common';
import {
  released,
  handledUpTo,
  NO_READER,
  takenOver,
  type ChangeStreamPosition,
} from '../../domain/people/stream-position.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { StreamPositionStore } from '../../storage/ports/stream-position.store.js';
import {
  ChangeReader,
  ChangesUnavailable,
  TableChanges,
  type ChangeBatch,
} from '../../storage/ports/change-stream.js';

/** What this instance holds while it reads for all. */
interface Held {
  readonly reader: ChangeReader;
  reading: ChangeStreamPosition;
}

/**
 * The changes, as one instance at a time reads them for all. Two at once, when one was taken for gone and was not, cost
 * reads: what is done about changes may be done twice.
 */
@Injectable()
export class StreamLease {
  private held: Held | undefined;

  constructor(
    @Inject(TableChanges) private readonly changes: TableChanges,
    @Inject(StreamPositionStore) private readonly store: StreamPositionStore,
    private readonly registry: InstanceRegistry,
  ) {}

  /** Whether this instance reads. */
  get isMine(): boolean {
    return this.held !== undefined;
  }

  /**
   * Begins to read where the instance before was, if none does. Answers why, if nobody can read at all. Throws
   * StorageError.
   */
  async take(): Promise<'mine' | 'busy' | ChangesUnavailable> {
    const found = (await this.store.get()) ?? NO_READER;
    if (await this.registry.isHeldByAnother(found.holder)) return 'busy';
    const reader = await this.changes.open(found.position);
    if (reader instanceof ChangesUnavailable) return reader;
    const reading = takenOver(found, this.registry.id);
    // Who was faster reads.
    if (!(await this.store.put(reading))) return 'busy';
    this.held = { reader, reading };
    return 'mine';
  }

  /** What came since the last call. Throws StorageError. */
  async next(): Promise<ChangeBatch> {
    if (!this.held) throw new Error('Another instance reads the changes');
    return this.held.reader.next();
  }

  /** Keeps that everything up to a position is handled. Where another instance reads by now, this one ends. */
  async keep(position: string): Promise<void> {
    if (!this.held || this.held.reading.position === position) return;
    const reading = handledUpTo(this.held.reading, position);
    if (await this.store.put(reading)) this.held.reading = reading;
    else this.held = undefined;
  }

  /** Reads no more: after an error what is handled is known from the store only. */
  drop(): void {
    this.held = undefined;
  }

  /** Lets another instance go on at once. Throws StorageError. */
  async giveBack(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    if (held) await this.store.put(released(held.reading));
  }
}
