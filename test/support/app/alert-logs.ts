import { AlertLog } from '../../../src/alerting/log/alert-log.js';
import { LogRetention } from '../../../src/alerting/log/log-retention.js';
import type { Clock } from '../../../src/lib/clock.js';
import { Metrics } from '../../../src/platform/observability/metrics.js';
import { loadConfig } from '../../../src/config/load-config.js';
import type { AlertDecision } from '../../../src/domain/alerts/alert.js';
import type { LogEvent } from '../../../src/domain/alerts/log-event.js';
import type { AlertLogStore } from '../../../src/storage/ports/alert-log.store.js';

export const HOUR = 3_600_000;

/** What one process has on a store that it may share with others. It looks for what others did when it is told to. */
export interface AlertLogProcess {
  readonly log: AlertLog;
  readonly retention: LogRetention;
  /** The runs of events that the listeners of the log were given. */
  readonly heard: (readonly LogEvent[])[];
  /** Ends it as a shutdown does. */
  readonly stop: () => Promise<void>;
}

/** Starts one with a retention of two hours. */
export async function startAlertLog(store: AlertLogStore, clock: Clock): Promise<AlertLogProcess> {
  const config = loadConfig({ ALERT_POLL_INTERVAL: '1h', ALERT_RETENTION: '2h' });
  const log = new AlertLog(store, clock, new Metrics(), config);
  const retention = new LogRetention(log, store, clock, config);
  const heard: (readonly LogEvent[])[] = [];
  log.listen((events) => heard.push(events));
  await log.onModuleInit();
  return {
    log,
    retention,
    heard,
    stop: async () => {
      await retention.beforeApplicationShutdown();
      await log.onApplicationShutdown();
    },
  };
}

/** A department turned critical. */
export function raise(entityId: string, at: number): AlertDecision {
  const data = {
    department_id: entityId,
    department_name: entityId,
    overall_risk: 'critical',
    engagement_score: 40,
  } as const;
  return { kind: 'raised', alert: 'department_critical', entityId, department: entityId, at, data };
}

/** A department got better. */
export function clear(entityId: string, raisedId: number, at: number): AlertDecision {
  return {
    kind: 'cleared',
    alert: 'department_critical',
    entityId,
    department: entityId,
    at,
    raisedId,
    reason: 'recovered',
    value: 'healthy',
  };
}

/** Appends decisions as one record, and answers the id of the last. */
export async function append(log: AlertLog, ...decisions: readonly AlertDecision[]): Promise<number> {
  await log.refresh();
  const { complete } = await log.append(decisions, log.head);
  if (!complete) throw new Error('The decisions were not appended');
  return log.head;
}
