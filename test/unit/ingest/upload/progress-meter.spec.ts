import { describe, expect, it } from '@jest/globals';
import type { RosterRow } from '../../../../src/domain/people/employee.js';
import type { SurveyRow } from '../../../../src/domain/surveys/survey-response.js';
import { ProgressMeter, type UploadStanding } from '../../../../src/ingest/upload/progress-meter.js';
import { asyncOf } from '../../../support/app/async-of.js';
import { SettableClock } from '../../../support/app/settable-clock.js';

const row = (n: number): RosterRow => ({ employeeId: `E${n}`, attributes: {}, row: n });
const answer = (n: number): SurveyRow => ({
  responseId: `R${n}`,
  employeeId: `E${n}`,
  submissionDate: '2025-01-01',
  answers: [],
  row: n,
});

/** A meter of a file of 1,000 bytes, and all that it told. */
function meterOf(dryRun: boolean): { meter: ProgressMeter; told: UploadStanding[]; clock: SettableClock } {
  const told: UploadStanding[] = [];
  const clock = new SettableClock(0);
  return { meter: new ProgressMeter({ dryRun }, 1_000, clock, (one) => told.push(one)), told, clock };
}

async function drain(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

const percentages = (told: readonly UploadStanding[]) => told.map(({ progress }) => progress);

describe('ProgressMeter', () => {
  it('tells bytes and rows while the file is checked, and what remains', () => {
    const { meter, told, clock } = meterOf(false);
    clock.advance(2_000);
    meter.checked(500, 40);
    expect(told).toEqual([
      {
        stage: 'validating',
        progress: 12,
        message: 'Checking every row.',
        detail: { bytesRead: 500, rowsRead: 40, rowsWritten: 0, rowsTotal: null, secondsRemaining: 14 },
      },
    ]);
  });

  it('counts a survey as written with its first table, and goes on to the second', async () => {
    const { meter, told } = meterOf(false);
    const batches = () => asyncOf([[answer(1), answer(2)], [answer(3)]]);
    const survey = {
      kind: 'survey',
      syncId: 's',
      questionNames: new Map<number, string>(),
      batches,
    } as const;
    const ready = meter.watch(survey, { read: 3, valid: 3 });
    await drain(ready.batches());
    expect(told.at(-1)).toMatchObject({ stage: 'writing', progress: 57, detail: { rowsWritten: 3 } });
    await drain(ready.batches());
    expect(told.at(-1)).toMatchObject({ stage: 'evaluating', progress: 90 });
    expect(told.map(({ detail }) => detail.rowsWritten)).toEqual([2, 3, 3, 3, 3]);
  });

  it('reads a roster once', async () => {
    const { meter, told } = meterOf(false);
    const roster = { kind: 'employees', syncId: 's', batches: () => asyncOf([[row(1)]]) } as const;
    await drain(meter.watch(roster, { read: 1, valid: 1 }).batches());
    expect(told.map(({ stage }) => stage)).toEqual(['writing', 'evaluating']);
  });

  it('counts nothing as written in a dry run', async () => {
    const { meter, told } = meterOf(true);
    const roster = { kind: 'employees', syncId: 's', batches: () => asyncOf([[row(1)], [row(2)]]) } as const;
    await drain(meter.watch(roster, { read: 2, valid: 2 }).batches());
    expect(told.map(({ stage }) => stage)).toEqual(['previewing', 'previewing', 'evaluating']);
    expect(meter.final).toMatchObject({ rowsWritten: 0, rowsTotal: 2, secondsRemaining: null });
  });

  it('never goes back, even when the rows are read once more than expected', async () => {
    const { meter, told } = meterOf(false);
    meter.checked(900, 9);
    meter.checked(100, 9);
    const roster = { kind: 'employees', syncId: 's', batches: () => asyncOf([[row(1)], [row(2)]]) } as const;
    const ready = meter.watch(roster, { read: 2, valid: 2 });
    await drain(ready.batches());
    await drain(ready.batches());
    expect(percentages(told)).toEqual(percentages(told).toSorted((a, b) => a - b));
    expect(Math.max(...percentages(told))).toBeLessThan(100);
  });
});
