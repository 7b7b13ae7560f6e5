import { Inject, Injectable, Logger } from '@nestjs/common';
import { isSettled } from '../../domain/uploads/upload.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { SyncJournalStore, type SyncEntry } from '../../storage/ports/sync-journal.store.js';
import { UploadStore } from '../../storage/ports/upload.store.js';

/** The entries of the journal whose syncs no process runs. */
export interface BrokenSyncs {
  /** Those that must be repaired: no process will finish them. */
  readonly due: readonly SyncEntry[];
  /** The number of those that belong to an upload that will be run again. */
  readonly awaited: number;
}

/** Keeps a durable entry for each sync that has begun, so that an interrupted one is detected after any crash. */
@Injectable()
export class SyncJournal {
  private readonly logger = new Logger(SyncJournal.name);
  private readonly running = new Set<string>();

  constructor(
    @Inject(SyncJournalStore) private readonly store: SyncJournalStore,
    @Inject(UploadStore) private readonly uploads: UploadStore,
    private readonly registry: InstanceRegistry,
  ) {}

  /**
   * Runs a sync with a durable entry from before its first write until after its success. `isRepeated`: an attempt before
   * this one broke off, and may have changed employees that this one finds unchanged. Throws what `sync` throws, and
   * StorageError.
   */
  async during<T>(
    { syncId, repair }: Omit<SyncEntry, 'instance'>,
    sync: (isRepeated: boolean) => Promise<T>,
  ): Promise<T> {
    const entry = { syncId, repair, instance: this.registry.id };
    this.running.add(syncId);
    try {
      const result = await sync(await this.store.begin(entry));
      // The tables are correct already: an entry that stays costs one needless repair.
      await this.remove(entry).catch((error: unknown) =>
        this.logger.warn(
          { err: error, syncId },
          'The journal entry of a completed sync could not be removed yet',
        ),
      );
      return result;
    } finally {
      this.running.delete(syncId);
    }
  }

  /** The syncs that failed here, or whose process is gone. Throws StorageError. */
  async broken(): Promise<BrokenSyncs> {
    const entries = await this.store.list();
    const idle = entries.filter(({ syncId }) => !this.running.has(syncId));
    if (idle.length === 0) return { due: [], awaited: 0 };
    const presence = await this.registry.look();
    const broken = idle.filter(({ instance }) => instance === this.registry.id || presence.isGone(instance));
    const due: SyncEntry[] = [];
    for (const entry of broken) {
      const upload = await this.uploads.get(entry.syncId);
      if (!upload || isSettled(upload)) due.push(entry);
    }
    return { due, awaited: broken.length - due.length };
  }

  /** Removes an entry. Throws StorageError. */
  remove(entry: SyncEntry): Promise<void> {
    return this.store.end(entry);
  }
}
