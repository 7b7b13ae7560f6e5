import { Injectable, Logger } from '@nestjs/common';
import { AlertLog, APPEND_LIMIT } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import { clearing } from '../../domain/alerts/evaluate.js';

/** Clears what fires, so that what is still true fires again at the next evaluation. */
@Injectable()
export class AlertReset {
  private readonly logger = new Logger(AlertReset.name);

  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Clears every active alert with the reason `reset`; resolves to their number, once that is durable. Throws
   * StorageError.
   */
  async run(): Promise<number> {
    let cleared = 0;
    await retryOnConflict(APPEND_LIMIT, async () => {
      await this.log.refresh();
      const { head } = this.log;
      const events = this.log.active().map((active) => clearing(active, 'reset', this.clock.now()));
      const { appended, complete } = await this.log.append(events, head);
      cleared += appended.length;
      return complete ? undefined : CONFLICT;
    });
    this.logger.log({ cleared }, 'Alert state was reset');
    return cleared;
  }
}
