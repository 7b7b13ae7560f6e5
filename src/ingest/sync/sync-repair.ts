import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import { Poller } from '../../lib/poller.js';
import { Mutex } from '../../lib/mutex.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { SYNC_REPAIRS } from '../../storage/ports/sync-journal.store.js';
import { SyncJournal } from './sync-journal.js';
import { SyncService } from './sync.service.js';

/** Pause between two looks into the journal. */
const LOOK_MS = 10_000;

/**
 * Brings Employees, Departments and the alert log together again after syncs that broke off, and at start where
 * departments were rolled up under another `MIN_GROUP_SIZE`. An upload that will be run
 * again goes first, so that nobody is told of departments that are half imported.
 */
@Injectable()
export class SyncRepair implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncRepair.name);
  private readonly serial = new Mutex();
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.look(),
    () => undefined,
  );
  private awaited = 0;
  private isOfThisSetting = false;

  constructor(
    private readonly journal: SyncJournal,
    private readonly sync: SyncService,
    private readonly events: DomainEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.events.listen('upload.finished', async () => {
      if (this.awaited > 0) await this.look();
    });
    // Not awaited: large tables must not delay the start.
    void this.look();
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.serial.run(() => Promise.resolve());
  }

  /** Never rejects: what fails now is tried again at the next look. */
  private look(): Promise<void> {
    return this.serial.run(() => this.repair()).catch((error: unknown) => this.reportFailure(error));
  }

  private async repair(): Promise<void> {
    const { due, awaited } = await this.journal.broken();
    this.awaited = awaited;
    const isOutdated = awaited === 0 && !this.isOfThisSetting && (await this.sync.isOutdated());
    if (due.length > 0) {
      const syncs = due.map(({ syncId }) => syncId);
      this.logger.warn({ syncs }, 'Syncs broke off; repairing what they left');
    }
    if (isOutdated) this.logger.log('MIN_GROUP_SIZE is another one than before; rolling up every department');
    const repairs = [...due.map(({ repair }) => repair), ...(isOutdated ? ['roll_up' as const] : [])];
    // Each kind does what those before it do.
    const repair = SYNC_REPAIRS.findLast((wanted) => repairs.includes(wanted));
    if (repair) await this.sync.repair(repair);
    if (awaited === 0) this.isOfThisSetting = true;
    for (const entry of due) await this.journal.remove(entry);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return;
    this.logger.error({ err: error }, 'Syncs that broke off could not be repaired; trying again');
  }
}
