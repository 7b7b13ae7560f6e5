import { parseJson, problemText } from './problem.js';
import { call } from './session.js';

const PAGE = 500;

/** The newest active alerts, and whether the list is complete. */
export async function loadActiveAlerts() {
  const response = await call(`api/v1/alerts/active?limit=${PAGE}`, {
    headers: { Accept: 'application/json' },
  });
  const body = parseJson(await response.text());
  if (!response.ok) throw new Error(problemText(response.status, body));
  return { alerts: body?.items ?? [], isComplete: !body?.next_cursor };
}
