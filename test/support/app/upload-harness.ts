import { Metrics } from '../../../src/platform/observability/metrics.js';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { loadConfig } from '../../../src/config/load-config.js';
import { DomainEvents } from '../../../src/platform/events/domain-events.js';
import { InstanceRegistry } from '../../../src/platform/cluster/instance-registry.js';
import { Lifecycle } from '../../../src/platform/lifecycle/lifecycle.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import { FileValidator } from '../../../src/ingest/csv/file-validator.js';
import { Spool } from '../../../src/ingest/upload/spool.js';
import type { ImportReady } from '../../../src/ingest/csv/import-ready.js';
import { ImportLock } from '../../../src/ingest/sync/import-lock.js';
import type { SyncResult } from '../../../src/ingest/sync/sync.service.js';
import { UndoJob } from '../../../src/ingest/upload/undo-job.js';
import { ImportJob } from '../../../src/ingest/upload/import-job.js';
import { UploadQueue } from '../../../src/ingest/upload/upload-queue.js';
import { UploadRecovery } from '../../../src/ingest/upload/upload-recovery.js';
import { SettableClock } from './settable-clock.js';
import { temporaryFolder } from './temporary-folder.js';

/** What runs uploads, with nobody behind it who writes tables. The process thinks it is `self` on the machine `here`. */
export class UploadHarness {
  readonly clock = new SettableClock(Date.UTC(2026, 0, 1));
  readonly lifecycle = new Lifecycle();
  readonly lock = new ImportLock(this.lifecycle);
  readonly events = new DomainEvents(new EventEmitter2());
  readonly registry: InstanceRegistry;
  readonly spool: Spool;
  readonly queue: UploadQueue;
  readonly recovery: UploadRecovery;
  /** Runs in place of the sync of each import. */
  onImport: (ready: ImportReady) => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly storage: Storage,
    private readonly folder: Awaited<ReturnType<typeof temporaryFolder>>,
    dataDir: string,
  ) {
    const config = loadConfig({ DATA_DIR: dataDir });
    const { clock, lifecycle, events, lock } = this;
    const nothing: SyncResult = { rowsWritten: 0, alertsRaised: 0, alertsCleared: 0 };
    const { uploads, instances, syncJournal } = storage;
    this.registry = new InstanceRegistry(instances, clock, { id: 'self', host: 'here', pid: process.pid });
    this.spool = new Spool(config, this.registry);
    const job = new ImportJob(
      new FileValidator(config, lifecycle, storage.findings),
      this.spool,
      {
        import: async (ready) => {
          await this.onImport(ready);
          return nothing;
        },
      },
      { preview: () => Promise.reject(new Error('No dry run is expected')) },
      lifecycle,
      new Metrics(),
      clock,
    );
    const undoJob = new UndoJob({ undo: () => Promise.resolve(nothing) }, lifecycle, clock);
    this.queue = new UploadQueue(
      uploads,
      this.spool,
      job,
      undoJob,
      lock,
      events,
      this.registry,
      lifecycle,
      clock,
      config,
    );
    this.recovery = new UploadRecovery(
      uploads,
      this.queue,
      this.spool,
      this.registry,
      lifecycle,
      syncJournal,
      lock,
    );
  }

  static async open(): Promise<UploadHarness> {
    Logger.overrideLogger(false);
    const folder = await temporaryFolder();
    const dataDir = join(folder.path, 'data');
    await mkdir(dataDir);
    const room = new UploadHarness(openEmbeddedStorage(dataDir), folder, dataDir);
    await room.registry.beat();
    await room.spool.onModuleInit();
    return room;
  }

  async close(): Promise<void> {
    await this.queue.idle();
    await this.storage.close();
    await this.folder.remove();
  }
}
