import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { isSettled, pendingUndo, type UploadRecord } from '../../domain/uploads/upload.js';
import { InstanceRegistry, type Presence } from '../../platform/cluster/instance-registry.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SyncJournalStore } from '../../storage/ports/sync-journal.store.js';
import { UploadStore } from '../../storage/ports/upload.store.js';
import { ImportLock } from '../sync/import-lock.js';
import { Spool, type SpoolFile } from './spool.js';
import { UploadQueue } from './upload-queue.js';

/** Pause between two searches for abandoned uploads. */
const SEARCH_EVERY_MS = 30_000;
/** Uploads read at once. */
const PAGE = 50;
/** The first look goes back this many uploads; the ones after it as far as anything can have changed. */
const FIRST_LOOK = 2_000;
/** Clocks of machines differ, and the list is ordered by the moment at which a file began to arrive. */
const OVERLAP_MS = 3_600_000;

/**
 * Takes over the uploads that processes which are gone had accepted and not finished. An upload whose file is in this
 * spool is run again. One whose file is on another machine waits until that machine is forgotten, and then fails as
 * `spool_lost`. Spool files that no upload needs are removed.
 */
@Injectable()
export class UploadRecovery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UploadRecovery.name);
  private readonly job = new PeriodicJob(
    {
      everyMs: SEARCH_EVERY_MS,
      logger: this.logger,
      failure: 'The search for interrupted uploads failed; trying again',
    },
    () => this.look(),
  );
  /** Every upload accepted before this moment (milliseconds) has finished. */
  private settledUntil = -Infinity;

  constructor(
    @Inject(UploadStore) private readonly store: UploadStore,
    private readonly queue: UploadQueue,
    private readonly spool: Spool,
    private readonly registry: InstanceRegistry,
    private readonly lifecycle: Lifecycle,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
    private readonly lock: ImportLock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.job.runNow();
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }

  /** Searches once. Throws StorageError. */
  async look(): Promise<void> {
    await this.lock.recover();
    const unfinished = await this.withOlderUndos(await this.unfinished());
    const files = await this.spool.list();
    const presence = await this.registry.look();
    // Oldest first: the order in which they came.
    for (const record of unfinished.toReversed()) {
      if (this.lifecycle.phase === 'draining') return;
      if (this.isAbandoned(record, presence)) await this.queue.takeOver(record);
    }
    for (const file of files) if (presence.isGone(file.instance)) await this.removeIfUnneeded(file);
  }

  private async unfinished(): Promise<UploadRecord[]> {
    const found: UploadRecord[] = [];
    let [looked, newest, oldest] = [0, -Infinity, Infinity];
    let after: string | undefined;
    do {
      const page = await this.store.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const record of page.items) {
        oldest = Date.parse(record.acceptedAt);
        newest = Math.max(newest, oldest);
        if (!isSettled(record)) found.push(record);
      }
      looked += page.items.length;
      after = this.settledUntil === -Infinity && looked >= FIRST_LOOK ? undefined : page.next;
    } while (after !== undefined && oldest >= this.settledUntil);
    const times = found.map(({ acceptedAt }) => Date.parse(acceptedAt));
    this.settledUntil = Math.min(newest, ...times) - OVERLAP_MS;
    return found;
  }

  /** Adds undos of uploads that are too old to be listed above: the journal names them. */
  private async withOlderUndos(found: UploadRecord[]): Promise<UploadRecord[]> {
    const known = new Set(found.map(({ id }) => id));
    const older: UploadRecord[] = [];
    for (const { syncId } of await this.journal.list()) {
      const record = known.has(syncId) ? undefined : await this.store.get(syncId);
      if (record && pendingUndo(record)) older.push(record);
    }
    return [...found, ...older];
  }

  private isAbandoned(record: UploadRecord, presence: Presence): boolean {
    const { id, owner } = record;
    // Owned by this process and not in its queue: saving the outcome failed.
    if (owner.instance === this.registry.id) return !this.queue.holds(id);
    // An undo needs no file.
    if (owner.spool === this.spool.id || pendingUndo(record)) return presence.isGone(owner.instance);
    return presence.isForgotten(owner.instance);
  }

  /** The process that received the file is gone, so no record that names it can still follow. */
  private async removeIfUnneeded({ name, uploadId }: SpoolFile): Promise<void> {
    const record = await this.store.get(uploadId);
    if (record?.finishedAt === undefined && record?.spoolFile === name) return;
    this.logger.warn({ uploadId }, 'Removing a spool file that a crash left');
    await this.spool.remove(name);
  }
}
