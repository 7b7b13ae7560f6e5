import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { SYNC_REPAIRS } from '../../storage/ports/sync-journal.store.js';
import { SyncJournal } from './sync-journal.js';
import { SyncService } from './sync.service.js';

/** Pause between two checks of the journal. */
const CHECK_EVERY_MS = 10_000;

/**
 * Repairs Employees, Departments and the alert log after interrupted syncs, and at start where departments were rolled up
 * under another `MIN_GROUP_SIZE`. The roll-up waits for uploads that will be run again, so that no alert is raised for a
 * department that is half imported.
 */
@Injectable()
export class SyncRepair implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncRepair.name);
  private readonly job = new PeriodicJob(
    {
      everyMs: CHECK_EVERY_MS,
      logger: this.logger,
      failure: 'Interrupted syncs could not be repaired; trying again',
      runsAtStart: true,
    },
    () => this.repair(),
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
      if (this.awaited > 0) await this.job.runNow();
    });
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }

  private async repair(): Promise<void> {
    const { due, awaited } = await this.journal.broken();
    this.awaited = awaited;
    const isOutdated = awaited === 0 && !this.isOfThisSetting && (await this.sync.isOutdated());
    if (due.length > 0) {
      const syncs = due.map(({ syncId }) => syncId);
      this.logger.warn({ syncs }, 'Repairing what interrupted syncs have left');
    }
    if (isOutdated) this.logger.log('MIN_GROUP_SIZE has changed; rolling up every department');
    const repairs = [...due.map(({ repair }) => repair), ...(isOutdated ? ['roll_up' as const] : [])];
    // Each kind of repair includes those before it.
    const repair = SYNC_REPAIRS.findLast((one) => repairs.includes(one));
    if (repair) await this.sync.repair(repair);
    if (awaited === 0) this.isOfThisSetting = true;
    for (const entry of due) await this.journal.remove(entry);
  }
}
