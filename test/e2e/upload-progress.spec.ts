import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainEvents } from '../../src/platform/events/domain-events.js';
import { TestApp } from '../support/app/app.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

interface Progressing {
  readonly status: string;
  readonly progress: number;
  readonly progress_detail: Readonly<Record<string, unknown>>;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** Sends the file and answers every status until the end, as a caller sees it who asks without a pause. */
async function watched(csv: string, fields = {}): Promise<Progressing[]> {
  const { status_url } = (await (await app.post(csv, fields)).json()) as { status_url: string };
  const seen: Progressing[] = [];
  for (;;) {
    const status = (await (await app.request(status_url)).json()) as Progressing;
    seen.push(status);
    if (status.status === 'completed' || status.status === 'failed') return seen;
  }
}

describe('the status of an upload', () => {
  it('tells stage, bytes and rows, and its progress never goes back', async () => {
    const csv = surveyCsv(Array.from({ length: 6_000 }, (_, n) => uniform(`E${n}`, 4)));
    const seen = await watched(csv);
    const percentages = seen.map(({ progress }) => progress);
    expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
    expect(percentages.at(-1)).toBe(100);
    const stages = new Set(seen.map(({ progress_detail }) => progress_detail.stage));
    expect([...stages]).toEqual(expect.arrayContaining(['writing', 'finished']));
    expect(seen.at(-1)?.progress_detail).toEqual({
      stage: 'finished',
      bytes_read: csv.length,
      bytes_total: csv.length,
      rows_read: 6_000,
      rows_written: 6_000,
      rows_total: 6_000,
      seconds_remaining: null,
    });
  });

  it('says what it is about at each stage', async () => {
    const stages: unknown[] = [];
    const look = async ({ syncId }: { syncId: string | null }) => {
      const { progress_detail } = await app.json<Progressing>('GET', `/uploads/${syncId ?? ''}`);
      stages.push([progress_detail.stage, progress_detail.rows_written, progress_detail.rows_total]);
    };
    const events = app.nest.get(DomainEvents);
    const stop = [
      events.listen('survey-responses.synced', look),
      events.listen('employees.synced', look),
      events.listen('departments.synced', look),
    ];
    await watched(surveyCsv([uniform('A', 4), uniform('B', 4)]));
    for (const end of stop) end();
    expect(stages).toEqual([
      ['writing', 2, 2],
      ['evaluating', 2, 2],
      ['evaluating', 2, 2],
    ]);
  });

  it('of a failed upload tells how far it came', async () => {
    const end = async (csv: string) => (await watched(csv)).at(-1);
    const failed = { status: 'failed', progress: 100 };
    expect(await end('employee_id,Q1\n')).toMatchObject({
      ...failed,
      progress_detail: { stage: 'finished', rows_total: null },
    });
    // This one was checked to its end: there is nothing to be written.
    expect(await end('employee_id\n')).toMatchObject({
      ...failed,
      progress_detail: { stage: 'finished', rows_total: 0 },
    });
  });

  it('of a dry run counts nothing as written', async () => {
    const [last] = (await watched(surveyCsv([uniform('A', 4)]), { dry_run: 'true' })).slice(-1);
    expect(last?.progress_detail).toMatchObject({ rows_read: 1, rows_written: 0, rows_total: 1 });
  });
});
