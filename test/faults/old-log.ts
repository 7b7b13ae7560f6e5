import { packRecords } from '../../src/alerting/log/alert-log.js';
import type { AlertLogStore } from '../../src/storage/ports/alert-log.store.js';
import { clear, HOUR, raise } from '../support/app/alert-logs.js';
import type { ExpectedAlert } from '../support/oracles/alert-oracle.js';

const PAIRS = 150;
const PAIRS_AT_ONCE = 25;

/** What a log holds that is past a retention of one hour. */
export interface OldLog {
  readonly lastId: number;
  /** What must come of the one alert in it that still fires: nobody has such a department any more. */
  readonly due: { readonly key: string; readonly alert: ExpectedAlert };
}

/** No log is old: nothing is past its retention. */
export const NO_OLD_LOG = { lastId: 0 } as const;

/** Begins a log with departments that turned critical and got better again, two hours ago; one of them did not. */
export async function writeOldLog(store: AlertLogStore): Promise<OldLog> {
  const at = Date.now() - 2 * HOUR;
  const origin = await store.origin(at - HOUR);
  let next = origin + 1;
  for (let pair = 0; pair < PAIRS; pair += PAIRS_AT_ONCE) {
    const decisions = Array.from({ length: PAIRS_AT_ONCE }, (_, n) => {
      const id = `old-${pair + n}`;
      return [raise(id, at), clear(id, next + 2 * n, at)];
    }).flat();
    for (const record of packRecords(decisions, next)) await store.append(record);
    next += decisions.length;
  }
  const [firing] = packRecords([raise('old', at)], next);
  if (firing) await store.append(firing);
  const data = {
    alert: 'department_critical',
    department_id: 'old',
    overall_risk: null,
    raised_id: String(next),
    reason: 'deleted',
  };
  return { lastId: next, due: { key: 'department/old', alert: { type: 'alert_cleared', data } } };
}
