import { alertBody, type AlertBody } from './alert-message.js';
import type { AlertDecision } from './alert.js';

/** How many alerts a preview names. */
const NAMED = 100;

/** What an import would do to the alerts, had it been written. `alerts` holds the first 100, the counts tell all. */
export interface AlertPreview {
  readonly alertsRaised: number;
  readonly alertsCleared: number;
  readonly alerts: readonly AlertBody[];
}

/** Collects decisions that nobody carries out. */
export class AlertPreviewTally {
  private readonly count = { raised: 0, cleared: 0 };
  private readonly alerts: AlertBody[] = [];

  /** Counts the decisions and remembers the first of them. */
  add(decisions: readonly AlertDecision[]): void {
    for (const decision of decisions) {
      this.count[decision.kind] += 1;
      if (this.alerts.length < NAMED) this.alerts.push(alertBody(decision));
    }
  }

  /** What was collected so far. */
  get preview(): AlertPreview {
    const { raised, cleared } = this.count;
    return { alertsRaised: raised, alertsCleared: cleared, alerts: [...this.alerts] };
  }
}
