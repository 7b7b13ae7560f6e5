import { compareRecency, responseOrder, type Employee, type RosterAttributes } from './employee.js';
import { NO_METRICS } from '../surveys/scores.js';
import type { SurveyResponse } from '../surveys/survey-response.js';

/** The remaining responses of an employee: the newest, and the newest ones with a department and with a location. */
export interface RemainingResponses {
  readonly newest: SurveyResponse;
  readonly department?: SurveyResponse;
  readonly location?: SurveyResponse;
}

/** Adds a response to the remaining ones. The order of calls does not matter. */
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
 * The employee after the removal of the response that its scores come from. The scores become those of the newest remaining
 * response. Without a roster, department and location come from the remaining responses, or become absent. `gone`: neither a
 * response nor a roster names the employee any more.
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

/** Whether the scores of an employee come from an upload. */
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
