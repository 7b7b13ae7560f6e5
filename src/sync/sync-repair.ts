import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isAbort } from '../concurrency/abort.js';
import { Poller } from '../concurrency/poller.js';
import { Serial } from '../concurrency/serial.js';
import { DomainEvents } from '../events/domain-events.js';
import { SyncJournal } from './sync-journal.js';
import { SyncService } from './sync.service.js';

/** Pause between two looks into the journal. */
const LOOK_MS = 10_000;

/**
 * Brings Employees, Departments and the alert log together again after syncs that broke off. An upload that will be run
 * again goes first, so that nobody is told of departments that are half imported.
 */
@Injectable()
export class SyncRepair implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncRepair.name);
  private readonly serial = new Serial();
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.look(),
    () => undefined,
  );
  private awaited = 0;

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
    if (due.length === 0) return;
    const mustRollUp = due.some(({ repair }) => repair === 'roll_up');
    this.logger.warn({ syncs: due.map(({ syncId }) => syncId) }, 'Syncs broke off; repairing what they left');
    await this.sync.repair(mustRollUp ? 'roll_up' : 'evaluate');
    for (const entry of due) await this.journal.remove(entry);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return;
    this.logger.error({ err: error }, 'Syncs that broke off could not be repaired; trying again');
  }
}
