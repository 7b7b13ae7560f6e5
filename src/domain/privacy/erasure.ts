import type { ClearedEvent, EmployeeStressData, RaisedEvent } from '../alerts/alert.js';
import type { AcknowledgedEvent, SilenceSetEvent } from '../alerts/log-event.js';
import { type ImportIssue, excerpt } from '../csv/import-issue.js';
import { responseOrder, type Employee } from '../people/employee.js';
import { hasMetrics } from '../surveys/scores.js';
import type { SurveyResponse } from '../surveys/survey-response.js';
import type { UploadReport } from '../uploads/upload.js';

/** `erase` leaves nothing that was measured of the person; `anonymise` leaves the scores, and nobody whose they are. */
export const ERASURE_MODES = ['anonymise', 'erase'] as const;
export type ErasureMode = (typeof ERASURE_MODES)[number];

/** The removal of one person's data, from its beginning until nothing can bring anything of it back. Times are milliseconds since 1970. */
export interface Erasure {
  /** UUID version 7: sorts by time. */
  readonly id: string;
  readonly employeeId: string;
  readonly mode: ErasureMode;
  /** Stands for the person from now on. Random, so that nothing leads from the id to it. */
  readonly pseudonym: string;
  /** New ids of responses are made with it; who does not have it cannot make them from the old ones. */
  readonly key: string;
  /** Who asked for it. */
  readonly requestedBy: string;
  /** The process that carries it out. */
  readonly instance: string;
  /** When everything had been removed once; another process may have written something old since. */
  readonly sweptAt?: number;
}

/** What a removal came to. After an attempt that broke off: what the last one did. */
export interface ErasureCounts {
  /** Survey responses removed or anonymised. */
  readonly responses: number;
  /** Messages of the alert log that were overwritten. */
  readonly alerts: number;
  /** Findings and previews in reports of uploads that were overwritten. */
  readonly findings: number;
  readonly alertsRaised: number;
  readonly alertsCleared: number;
}

export const NOTHING_ERASED: ErasureCounts = {
  responses: 0,
  alerts: 0,
  findings: 0,
  alertsRaised: 0,
  alertsCleared: 0,
};

type Naming = Pick<Erasure, 'employeeId' | 'mode' | 'pseudonym'>;

/**
 * What the alert log says of the person afterwards. An erased person's rates become null, and the stress rate, which must
 * be a number, 0: no alert fires at 0, so that it is never taken for a measurement. Everything else stays: when it was,
 * which department, and which raise a clear ended. What operators wrote about the person's alerts goes, for it may name
 * the person; a silence goes on under the pseudonym.
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
  // As an alert of the anonymous row would be.
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
 * The row that counts in the department in the person's place; undefined where nothing was measured, so that nothing
 * counts. It does not tell from which row of a file it came, and no roster speaks of it: it goes with its responses.
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

/** A response without what leads to the person: its own id is known to the survey tool, its row to who has the file. */
export function anonymousResponse(
  { location: _location, row: _row, ...rest }: SurveyResponse,
  pseudonym: string,
  responseId: string,
): SurveyResponse {
  return { ...rest, responseId, employeeId: pseudonym };
}

/** The lines of a file that are known to be about the person: one of their findings shows the id, or a response id made of it. */
export function linesOf(employeeId: string, findings: readonly ImportIssue[]): number[] {
  const [id, responses] = [excerpt(employeeId), `${employeeId}:`];
  return findings.flatMap(({ line, value }) => {
    const shown = value?.trim() ?? '';
    return line !== undefined && (shown === id || shown.startsWith(responses)) ? [line] : [];
  });
}

/** Findings that do not show what stood in these lines; the same list where none did. */
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

/** The report of an upload without the person; the very same one where it does not tell of them. */
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
