import { Injectable } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import type { RaisedEvent } from '../../domain/alerts/alert.js';
import type { AcknowledgedEvent } from '../../domain/alerts/log-event.js';

export interface AcknowledgeRequest {
  readonly raisedId: number;
  readonly by: string;
  readonly comment?: string | undefined;
  /** Whether the caller may see the alert. */
  readonly sees: (raised: RaisedEvent) => boolean;
}

/** Acknowledges alerts, in the log. */
@Injectable()
export class Acknowledgements {
  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Acknowledges a firing alert. Resolves to its acknowledgement once that is durable: the earlier one where it has
   * one, and undefined when no alert with this id fires that the caller may see. Throws StorageError.
   */
  async acknowledge({
    raisedId,
    by,
    comment,
    sees,
  }: AcknowledgeRequest): Promise<AcknowledgedEvent | undefined> {
    const event = await this.log.appendDecided(() => {
      const raised = this.log.findById(raisedId);
      if (!raised || !sees(raised) || this.log.acknowledgementOf(raisedId)) return undefined;
      const { alert, entityId, department } = raised;
      const decision = {
        kind: 'acknowledged',
        at: this.clock.now(),
        alert,
        entityId,
        department,
        raisedId,
        by,
      } as const;
      return comment === undefined ? decision : { ...decision, comment };
    });
    if (event?.kind === 'acknowledged') return event;
    const raised = this.log.findById(raisedId);
    return raised && sees(raised) ? this.log.acknowledgementOf(raisedId) : undefined;
  }
}
