import type { ImportIssue } from '../domain/csv/import-issue.js';

/** How many findings a status shows. */
const SHOWN = 100;

/** Counts findings and keeps the first ones by line. */
export class IssueList {
  private readonly kept: ImportIssue[] = [];

  add(issues: readonly ImportIssue[]): void {
    for (const issue of issues) {
      if (this.kept.length >= SHOWN) return;
      this.kept.push(issue);
    }
  }

  get first(): readonly ImportIssue[] {
    return [...this.kept].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
}
