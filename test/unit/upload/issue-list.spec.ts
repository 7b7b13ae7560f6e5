import { describe, expect, it } from '@jest/globals';
import { ROW_ERRORS, type ImportIssue } from '../../../src/domain/csv/import-issue.js';
import { IssueList } from '../../../src/upload/issue-list.js';

const issue = (line: number): ImportIssue => ({ code: 'blank_id', message: ROW_ERRORS.blank_id, line });

describe('IssueList', () => {
  it('orders by line, however the findings came', () => {
    const list = new IssueList();
    list.add([issue(9)]);
    list.add([issue(4), issue(7)]);
    expect(list.first.map(({ line }) => line)).toEqual([4, 7, 9]);
  });

  it('keeps a hundred and no more', () => {
    const list = new IssueList();
    for (let line = 2; line < 500; line += 3) list.add([issue(line), issue(line + 1), issue(line + 2)]);
    expect(list.first.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, n) => n + 2));
  });
});
