import type { ClearedEvent, EmployeeStressData, RaisedEvent } from '../alerts/alert.js';
import type { AcknowledgedEvent, SilenceSetEvent } from '../alerts/log-event.js';
import { type ImportIssue, excerpt } from '../csv/import-issue.js';
import { responseOrder, type Employee } from '../people/employee.js';
import { hasMetrics } from '../surveys/scores.js';
import type { SurveyResponse } from '../surveys/survey-response.js';
import type { UploadReport } from '../uploads/upload.js';

/** `erase` removes all scores of the person; `anonymise` keeps the scores under a pseudonym. */
export const ERASURE_MODES = ['anonymise', 'erase'] as const;
export type ErasureMode = (typeof ERASURE_MODES)[number];

/** The erasure of the data of one person, until no process can write that data again. Times are milliseconds since 1970. */
export interface Erasure {
  /** A UUID version 7, which sorts by time. */
  readonly id: string;
  readonly employeeId: string;
  readonly mode: ErasureMode;
  /** The random id that replaces the id of the person. It cannot be derived from that id. */
  readonly pseudonym: string;
  /** The key from which new ids of responses are derived. Without it they cannot be derived from the old ids. */
  readonly key: string;
  /** The subject that requested the erasure. */
  readonly requestedBy: string;
  /** The instance that carries the erasure out. */
  readonly instance: string;
  /** When all data had been removed once. Another process can have written old data since. */
  readonly sweptAt?: number;
}

/** What a removal came to. After an attempt that broke off: what the last one did. */
export interface ErasureCounts {
  /** Survey responses removed or anonymised. */
  readonly responses: number;
  /** Events of the alert log that were overwritten. */
  readonly alerts: number;
  /** Findings and previews in reports of uploads that were overwritten. */
  readonly findings: number;
  readonly alertsRaised: number;
  readonly alertsCleared: number;
}

type Naming = Pick<Erasure, 'employeeId' | 'mode' | 'pseudonym'>;

/**
 * Rewrites the events of the alert log about the person. Erased rates become null; the stress rate, which must be a number,
 * becomes 0, at which no alert fires, so that it cannot be mistaken for a measurement. Times, departments and the link of a
 * clear to its raise stay. Comments of operators are removed, because they can name the person. A silence continues under
 * the pseudonym.
 */
export function erasedAlerts(erasure: Naming): {
  readonly raised: (event: RaisedEvent) => RaisedEvent;
  readonly cleared: (event: ClearedEvent) => ClearedEvent;
  readonly acknowledged: (event: AcknowledgedEvent) => AcknowledgedEvent;
  readonly silenceSet: (event: SilenceSetEvent) => SilenceSetEvent;
} {
  const { employeeId, mode, pseudonym } = erasure;
  return {
    raised: (event) =>
      event.alert === 'employee_stress' && event.entityId === employeeId
        ? { ...event, entityId: pseudonym, data: erasedData(event.data, erasure) }
        : event,
    cleared: (event) => {
      if (event.alert !== 'employee_stress' || event.entityId !== employeeId) return event;
      const { value, ...rest } = event;
      const kept = mode === 'anonymise' && value !== undefined ? { value } : {};
      return { ...rest, entityId: pseudonym, ...kept };
    },
    acknowledged: (event) => {
      if (event.alert !== 'employee_stress' || event.entityId !== employeeId) return event;
      const { comment: _, ...rest } = event;
      return { ...rest, entityId: pseudonym };
    },
    silenceSet: (event) => {
      const { employeeIds } = event.matcher;
      if (employeeIds?.includes(employeeId) !== true) return event;
      const renamed = employeeIds.map((id) => (id === employeeId ? pseudonym : id));
      return { ...event, matcher: { ...event.matcher, employeeIds: renamed }, reason: 'Erased' };
    },
  };
}

function erasedData(data: EmployeeStressData, { mode, pseudonym }: Naming): EmployeeStressData {
  // The same data as an alert of the anonymous row.
  if (mode === 'anonymise')
    return { ...data, employee_id: pseudonym, employee_name: 'Unknown', position: 'Unknown' };
  return {
    ...data,
    employee_id: pseudonym,
    employee_name: 'Erased',
    position: 'Erased',
    stress_rate: 0,
    engagement_rate: null,
    attrition_rate: null,
  };
}

/**
 * The row that counts in the department instead of the person; undefined for a person without scores, who does not count. It
 * holds neither the row of a file nor roster attributes, and is removed with its responses.
 */
export function anonymousEmployee(
  { attributes: { division }, metricsOrder, rosterUpdatedAt: _, ...rest }: Employee,
  pseudonym: string,
): Employee | undefined {
  if (!hasMetrics(rest.metrics)) return undefined;
  const [uploadId] = metricsOrder?.split('#') ?? [];
  return {
    ...rest,
    employeeId: pseudonym,
    attributes: division === undefined ? {} : { division },
    ...(uploadId === undefined ? {} : { metricsOrder: responseOrder(uploadId, 0) }),
  };
}

/** A response without links to the person: the survey tool knows its id, and the file shows its row. */
export function anonymousResponse(
  { location: _location, row: _row, ...rest }: SurveyResponse,
  pseudonym: string,
  responseId: string,
): SurveyResponse {
  return { ...rest, responseId, employeeId: pseudonym };
}

/** The lines of a file that concern the person: a finding shows the id, or a response id that is derived from it. */
export function linesOf(employeeId: string, findings: readonly ImportIssue[]): number[] {
  const [id, responses] = [excerpt(employeeId), `${employeeId}:`];
  return findings.flatMap(({ line, value }) => {
    const shown = value?.trim() ?? '';
    return line !== undefined && (shown === id || shown.startsWith(responses)) ? [line] : [];
  });
}

/** The findings without the values of these lines; the same list if no finding shows one. */
export function withoutValues(
  findings: readonly ImportIssue[],
  lines: ReadonlySet<number>,
): readonly ImportIssue[] {
  const shows = ({ line, value }: ImportIssue) =>
    value !== undefined && line !== undefined && lines.has(line);
  if (!findings.some(shows)) return findings;
  return findings.map((finding) => {
    const { value: _, ...rest } = finding;
    return shows(finding) ? rest : finding;
  });
}

/** The report of an upload without the person; the same object if it does not mention the person. */
export function reportWithout(
  report: UploadReport,
  erasure: Naming,
  lines: ReadonlySet<number>,
): UploadReport {
  const errors = withoutValues(report.errors, lines);
  const { preview } = report;
  const isTheirs = (body: { readonly data: object }) =>
    'employee_id' in body.data && body.data.employee_id === erasure.employeeId;
  if (!preview?.alerts.some(isTheirs)) return errors === report.errors ? report : { ...report, errors };
  const alerts = preview.alerts.map((body): (typeof preview.alerts)[number] => {
    if (!isTheirs(body)) return body;
    if (body.type === 'employee_stress') return { ...body, data: erasedData(body.data, erasure) };
    if (body.type !== 'alert_cleared') return body;
    const stress_rate = erasure.mode === 'erase' ? null : (body.data.stress_rate ?? null);
    return { ...body, data: { ...body.data, employee_id: erasure.pseudonym, stress_rate } };
  });
  return { ...report, errors, preview: { ...preview, alerts } };
}
