import { responseOrder, type Employee, type RosterAttributes } from './employee.js';
import { NO_METRICS } from './metrics.js';
import type { SurveyResponse } from './survey-response.js';

/**
 * The employee once the responses of an upload are taken back; `newest` is the newest response that remains. Scores that
 * came from another upload stay. Otherwise they become those of `newest`, and, where no roster has spoken, the facts that
 * it tells as well. `gone` where nothing remains that speaks of the person: neither a response nor a roster.
 */
export function withoutUpload(
  current: Employee,
  uploadId: string,
  newest: SurveyResponse | undefined,
  now: string,
): Employee | 'gone' {
  if (current.metricsOrder === undefined || !isFrom(current.metricsOrder, uploadId)) return current;
  if (newest === undefined && current.rosterUpdatedAt === undefined) return 'gone';
  const { employeeId, attributes, rosterUpdatedAt } = current;
  const known = { employeeId, attributes, ...(rosterUpdatedAt === undefined ? {} : { rosterUpdatedAt }) };
  if (newest === undefined) return { ...known, metrics: NO_METRICS, metricsUpdatedAt: now };
  return {
    ...known,
    attributes:
      current.rosterUpdatedAt === undefined ? { ...known.attributes, ...factsOf(newest) } : known.attributes,
    metrics: newest.metrics,
    lastSubmissionDate: newest.submissionDate,
    metricsOrder: responseOrder(newest.uploadId, newest.row ?? 0),
    metricsUpdatedAt: now,
  };
}

function isFrom(order: string, uploadId: string): boolean {
  return order.startsWith(`${uploadId}#`);
}

function factsOf({ department, location }: SurveyResponse): RosterAttributes {
  return {
    ...(department === undefined ? {} : { division: department }),
    ...(location === undefined ? {} : { location }),
  };
}
