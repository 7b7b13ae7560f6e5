import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface ImportOutcome {
  describeProgress(task: object): string;
  describeOutcome(task: object): string;
}

let page: ImportOutcome;
beforeAll(async () => {
  page = (await import(pathToFileURL('public/live/import-outcome.js').href)) as ImportOutcome;
});

const task = {
  status: 'completed',
  message: 'Undone: 5 response(s) removed, 0 employee(s) changed, 5 removed.',
  result: { rows_read: 5, rows_written: 5, alerts_raised: 2, alerts_cleared: 0 },
  undo: null,
};

describe('the live page says', () => {
  it('that an import is being taken back', () => {
    expect(page.describeProgress({ stage: 'undoing', progress: 40 })).toBe('Undoing, 40 %');
  });

  it('what an import wrote', () => {
    expect(page.describeOutcome(task)).toBe('5 of 5 rows written. 2 alerts raised, 0 cleared.');
  });

  it('of an import that was taken back that it was', () => {
    expect(page.describeOutcome({ ...task, undo: { code: null } })).toBe(task.message);
  });
});
