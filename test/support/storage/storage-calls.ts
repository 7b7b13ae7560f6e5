import { EMPTY_REPORT, type UploadRecord } from '../../../src/domain/uploads/upload.js';
import { ROW_ERRORS } from '../../../src/domain/csv/import-issue.js';
import type { SurveyResponse } from '../../../src/domain/surveys/survey-response.js';
import { UNCHANGED } from '../../../src/storage/ports/event-rewrite.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import { auditEntry } from '../app/audit-entries.js';
import { makeDevice } from '../generators/push-subscriptions.js';
import { fullEmployee, logRecord } from './storage-entities.js';

/** An upload that waits. */
export function pendingUpload(id: string): UploadRecord {
  return {
    id,
    revision: 1,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    owner: { instance: 'i1', spool: 's1' },
    spoolFile: `${id}.i1.csv`,
    bytes: 10,
    options: { mode: 'partial', dryRun: false, dateFormat: 'ISO' },
    status: 'pending',
    stage: 'queued',
    progress: 0,
    message: 'waiting',
    report: EMPTY_REPORT,
  };
}

/** A scored response. */
export function surveyResponse(responseId: string, stress = 50): SurveyResponse {
  return {
    responseId,
    employeeId: '007',
    submissionDate: '2025-08-01',
    department: 'Sales',
    answers: { Q1_Recommend: 4, Q3: 1 },
    metrics: { dimensions: { ESG: 3.5 }, rates: { stress_rate: stress } },
    uploadId: 'u1',
  };
}

const ERASURE = {
  id: 'R1',
  employeeId: 'E1',
  mode: 'erase',
  pseudonym: 'erased-1',
  key: 'k',
  requestedBy: 'admin',
  instance: 'I1',
} as const;

/** Everything that a storage can be asked, by name. */
export function everyCall(storage: Storage): Record<string, () => Promise<unknown>> {
  const {
    alertLog,
    audit,
    departments,
    employees,
    erasures,
    findings,
    health,
    instances,
    pushSubscriptions,
    responses,
    syncJournal,
    uploads,
  } = storage;
  const beat = { instance: 'I1', host: 'h1', pid: 1, beat: 1 };
  const sync = { syncId: 'S1', instance: 'I1', repair: 'roll_up' } as const;
  return {
    'employees.getMany': () => employees.getMany(['E1']),
    'employees.mutate, creating': () => employees.mutate(['E1'], fullEmployee),
    'employees.mutate, leaving': () => employees.mutate(['E1'], () => undefined),
    'employees.scan': async () => {
      const pages = [];
      for await (const page of employees.scan()) pages.push(page);
      return pages;
    },
    'employees.list': () => employees.list({ limit: 1 }),
    'employees.list, filtered': () => employees.list({ limit: 1, matches: () => true }),
    'departments.delete': () => departments.delete('D1'),
    'responses.putMany': () => responses.putMany([surveyResponse('R1')]),
    'responses.get': () => responses.get('R1'),
    'responses.deleteMany': () => responses.deleteMany(['R1']),
    'responses.scan': async () => {
      const pages = [];
      for await (const page of responses.scan()) pages.push(page);
      return pages;
    },
    'alertLog.origin': () => alertLog.origin(1),
    'alertLog.append': () => alertLog.append(logRecord(1)),
    'alertLog.read': () => alertLog.read(0, 1),
    'alertLog.readBackwards': () => alertLog.readBackwards(9, 1),
    'alertLog.trim': () => alertLog.trim(1),
    'alertLog.saveCheckpoint': () => alertLog.saveCheckpoint({ head: 1, active: [] }),
    'alertLog.loadCheckpoint': () => alertLog.loadCheckpoint(),
    'alertLog.rewrite': () => alertLog.rewrite(UNCHANGED, 0),
    'alertLog.rewrites': () => alertLog.rewrites(),
    'uploads.put': () => uploads.put(pendingUpload('U1')),
    'uploads.get': () => uploads.get('U1'),
    'uploads.list': () => uploads.list({ limit: 1 }),
    'uploads.delete': () => uploads.delete('U1'),
    'findings.put': () => findings.put('U1', 0, [{ code: 'blank_id', message: ROW_ERRORS.blank_id }]),
    'findings.read': async () => {
      const parts = [];
      for await (const part of findings.read('U1')) parts.push(part);
      return parts;
    },
    'findings.delete': () => findings.delete('U1'),
    'instances.beat': () => instances.beat(beat),
    'instances.list': () => instances.list(),
    'instances.remove': () => instances.remove(beat),
    'pushSubscriptions.put': () => pushSubscriptions.put(makeDevice('P1').subscription),
    'pushSubscriptions.get': () => pushSubscriptions.get('P1'),
    'pushSubscriptions.list': () => pushSubscriptions.list('phones'),
    'pushSubscriptions.count': () => pushSubscriptions.count('phones'),
    'pushSubscriptions.remove': () => pushSubscriptions.remove('P1'),
    'syncJournal.begin': () => syncJournal.begin(sync),
    'syncJournal.end': () => syncJournal.end(sync),
    'syncJournal.list': () => syncJournal.list(),
    'audit.append': () => audit.append([auditEntry(0)]),
    'audit.list': () => audit.list({ limit: 1 }),
    'audit.removeBefore': () => audit.removeBefore(1, new AbortController().signal),
    'erasures.put': () => erasures.put(ERASURE),
    'erasures.list': () => erasures.list(),
    'erasures.remove': () => erasures.remove('R1'),
    'health.ping': () => health.ping(),
  };
}

/** How every call of a storage ends: its answer, or the class of its error. */
export async function outcomes(storage: Storage): Promise<Record<string, unknown>> {
  const ends = Object.entries(everyCall(storage)).map(async ([name, call]) => {
    try {
      return [name, await call()];
    } catch (error) {
      return [name, error instanceof Error ? error.constructor.name : error];
    }
  });
  return Object.fromEntries(await Promise.all(ends)) as Record<string, unknown>;
}
