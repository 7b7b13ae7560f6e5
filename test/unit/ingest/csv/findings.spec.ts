import { describe, expect, it } from '@jest/globals';
import { ROW_ERRORS, type ImportIssue } from '../../../../src/domain/csv/import-issue.js';
import { Findings } from '../../../../src/ingest/csv/findings.js';
import { FindingsInMemory } from '../../../support/app/findings-in-memory.js';

const issue = (line: number): ImportIssue => ({ code: 'blank_id', message: ROW_ERRORS.blank_id, line });
const issues = (count: number) => Array.from({ length: count }, (_, n) => issue(n + 2));

describe('Findings', () => {
  it('counts all, shows a hundred, and keeps all in parts of a bounded size', async () => {
    const store = new FindingsInMemory();
    const findings = new Findings(store, 'u1');
    for (const one of issues(1_000)) await findings.add([one]);
    await findings.flush();
    await findings.flush();
    expect([findings.total, findings.first]).toEqual([1_000, issues(100)]);
    expect(store.all('u1')).toEqual(issues(1_000));
    expect(store.sizes).toEqual([300, 300, 300, 100]);
  });

  it('starts again from nothing, for an earlier run too', async () => {
    const store = new FindingsInMemory();
    const earlier = new Findings(store, 'u1');
    await earlier.add(issues(700));
    const findings = new Findings(store, 'u1');
    await findings.restart();
    await findings.add(issues(301));
    await findings.restart();
    await findings.add(issues(1));
    await findings.flush();
    expect([findings.total, findings.first, store.all('u1')]).toEqual([1, issues(1), issues(1)]);
  });

  it('keeps nothing where there is nothing', async () => {
    const store = new FindingsInMemory();
    const findings = new Findings(store, 'u1');
    await findings.add([]);
    await findings.flush();
    expect([findings.total, store.sizes]).toEqual([0, []]);
  });
});
