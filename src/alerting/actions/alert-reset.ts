import { Injectable, Logger } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { clearing } from '../../domain/alerts/evaluate.js';

/** Forgets what fires, so that what is still true fires again at the next evaluation. */
@Injectable()
export class AlertReset {
  private readonly logger = new Logger(AlertReset.name);

  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /** Clears every active alert with the reason `reset`; answers how many. */
  async run(): Promise<number> {
    let cleared = 0;
    for (;;) {
      await this.log.refresh();
      const { head } = this.log;
      const events = this.log.active().map((active) => clearing(active, 'reset', this.clock.now()));
      const { appended, complete } = await this.log.append(events, head);
      cleared += appended.length;
      if (complete) break;
    }
    this.logger.log({ cleared }, 'Alert state was reset');
    return cleared;
  }
}
