import { alertBody, type AlertBody } from './alert-message.js';
import type { AlertDecision } from './alert.js';

/** The maximum number of alerts in a preview. */
const NAMED = 100;

/** The alerts that an import would raise and clear. `alerts` holds the first 100; the counts cover all of them. */
export interface AlertPreview {
  readonly alertsRaised: number;
  readonly alertsCleared: number;
  readonly alerts: readonly AlertBody[];
}

/** Collects the decisions of a dry run, which are not appended to the log. */
export class AlertPreviewTally {
  private readonly count = { raised: 0, cleared: 0 };
  private readonly alerts: AlertBody[] = [];

  /** Counts decisions and keeps the first 100. */
  add(decisions: readonly AlertDecision[]): void {
    for (const decision of decisions) {
      this.count[decision.kind] += 1;
      if (this.alerts.length < NAMED) this.alerts.push(alertBody(decision));
    }
  }

  /** The preview of the decisions so far. */
  get preview(): AlertPreview {
    const { raised, cleared } = this.count;
    return { alertsRaised: raised, alertsCleared: cleared, alerts: [...this.alerts] };
  }
}
