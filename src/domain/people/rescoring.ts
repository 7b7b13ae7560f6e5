import { compareRecency, responseOrder, type Employee, type RosterAttributes } from './employee.js';
import { NO_METRICS } from '../surveys/scores.js';
import type { SurveyResponse } from '../surveys/survey-response.js';

/** Of the responses of one employee that remain: the newest, and the newest of those that tell a fact. */
export interface RemainingResponses {
  readonly newest: SurveyResponse;
  readonly department?: SurveyResponse;
  readonly location?: SurveyResponse;
}

/** What remains, one response more; in any order. */
export function withRemaining(
  others: RemainingResponses | undefined,
  response: SurveyResponse,
): RemainingResponses {
  const newer = (other: SurveyResponse | undefined): SurveyResponse =>
    other && compareRecency(recencyOf(other), recencyOf(response)) > 0 ? other : response;
  return {
    ...others,
    newest: newer(others?.newest),
    ...(response.department === undefined ? {} : { department: newer(others?.department) }),
    ...(response.location === undefined ? {} : { location: newer(others?.location) }),
  };
}

/**
 * The employee once the response is removed that the scores came from. They become those of the newest response that
 * remains; and where no roster has spoken, department and location are what the remaining ones tell, or unknown. `gone`
 * where nothing remains that speaks of the person: no response, no roster.
 */
export function remeasured(
  current: Employee,
  remaining: RemainingResponses | undefined,
  now: string,
): Employee | 'gone' {
  const { employeeId, attributes, rosterUpdatedAt } = current;
  if (rosterUpdatedAt === undefined && remaining === undefined) return 'gone';
  return {
    employeeId,
    attributes: rosterUpdatedAt === undefined ? surveyed(attributes, remaining) : attributes,
    ...(remaining ? scoresOf(remaining.newest) : { metrics: NO_METRICS }),
    metricsUpdatedAt: now,
    ...(rosterUpdatedAt === undefined ? {} : { rosterUpdatedAt }),
  };
}

/** Whether the scores of an employee came from an upload. */
export function isMeasuredBy({ metricsOrder = '' }: Employee, uploadId: string): boolean {
  return metricsOrder.startsWith(`${uploadId}#`);
}

function scoresOf(
  response: SurveyResponse,
): Pick<Employee, 'metrics' | 'lastSubmissionDate' | 'metricsOrder'> {
  const { date, order } = recencyOf(response);
  return { metrics: response.metrics, lastSubmissionDate: date, metricsOrder: order };
}

function surveyed(
  { division: _division, location: _location, ...others }: RosterAttributes,
  remaining: RemainingResponses | undefined,
): RosterAttributes {
  const division = remaining?.department?.department;
  const location = remaining?.location?.location;
  return {
    ...others,
    ...(division === undefined ? {} : { division }),
    ...(location === undefined ? {} : { location }),
  };
}

function recencyOf({ submissionDate, uploadId, row }: SurveyResponse): { date: string; order: string } {
  return { date: submissionDate, order: responseOrder(uploadId, row ?? 0) };
}
