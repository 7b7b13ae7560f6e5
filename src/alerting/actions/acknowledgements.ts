import { Injectable } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import type { RaisedEvent } from '../../domain/alerts/alert.js';
import type { AcknowledgedEvent } from '../../domain/alerts/log-event.js';
import { appendDecided } from './alert-reset.js';

export interface AcknowledgeRequest {
  readonly raisedId: number;
  readonly by: string;
  readonly comment?: string | undefined;
  /** Whether who asks may see the alert. */
  readonly sees: (raised: RaisedEvent) => boolean;
}

/** Notes in the log that somebody has seen an alert. */
@Injectable()
export class Acknowledgements {
  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /** The acknowledgement, once durable; the first one counts. Undefined when no alert of this id fires that may be seen. */
  async acknowledge({
    raisedId,
    by,
    comment,
    sees,
  }: AcknowledgeRequest): Promise<AcknowledgedEvent | undefined> {
    const event = await appendDecided(this.log, () => {
      const raised = this.log.findById(raisedId);
      if (!raised || !sees(raised) || this.log.acknowledgementOf(raisedId)) return undefined;
      const { alert, entityId, department } = raised;
      const what = {
        kind: 'acknowledged',
        at: this.clock.now(),
        alert,
        entityId,
        department,
        raisedId,
        by,
      } as const;
      return comment === undefined ? what : { ...what, comment };
    });
    if (event?.kind === 'acknowledged') return event;
    const raised = this.log.findById(raisedId);
    return raised && sees(raised) ? this.log.acknowledgementOf(raisedId) : undefined;
  }
}
