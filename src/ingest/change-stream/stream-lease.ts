import { Inject, Injectable } from '@nestjs/common';
import { Lease, LeaseLostError } from '../../lib/lease.js';
import { NO_READER, type ChangeStreamPosition } from '../../domain/people/stream-position.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { StreamPositionStore } from '../../storage/ports/stream-position.store.js';
import {
  ChangeReader,
  ChangesUnavailable,
  TableChanges,
  type ChangeBatch,
} from '../../storage/ports/change-stream.js';

/** What this instance holds while it reads. */
interface Held {
  readonly reader: ChangeReader;
  readonly lease: Lease<ChangeStreamPosition>;
}

/**
 * Lets one instance at a time read the change stream for all of them. When an instance is wrongly considered gone, two
 * read at once: changes may be handled twice.
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
   * Begins to read at the saved position, unless another instance reads. Returns the reason when the storage has no change
   * stream. Throws StorageError.
   */
  async acquire(): Promise<'mine' | 'busy' | ChangesUnavailable> {
    const found = (await this.store.get()) ?? NO_READER;
    if (await this.registry.isHeldByAnother(found.holder)) return 'busy';
    const reader = await this.changes.open(found.position);
    if (reader instanceof ChangesUnavailable) return reader;
    const lease = await Lease.acquire(this.store, found, this.registry.id);
    if (!lease) return 'busy';
    this.held = { reader, lease };
    return 'mine';
  }

  /** The changes since the last call. Throws StorageError. */
  async next(): Promise<ChangeBatch> {
    if (!this.held) throw new Error('Another instance reads the changes');
    return this.held.reader.next();
  }

  /** Saves that everything up to a position is handled. Drops the lease when another instance has acquired it. */
  async save(position: string): Promise<void> {
    const lease = this.held?.lease;
    if (!lease || lease.record.position === position) return;
    try {
      await lease.write({ position });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.held = undefined;
    }
  }

  /** Stops reading: after an error only the store knows what is handled. */
  drop(): void {
    this.held = undefined;
  }

  /** Lets another instance resume at once. Throws StorageError. */
  async release(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    try {
      await held?.lease.release();
    } catch (error) {
      // Another instance has it already.
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }
}
