import { Inject, Injectable } from '@nestjs/common';
import { linesOf, reportWithout, withoutValues, type Erasure } from '../../domain/privacy/erasure.js';
import { isSettled, type UploadRecord } from '../../domain/uploads/upload.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { FindingStore } from '../../storage/ports/finding.store.js';
import { UploadStore } from '../../storage/ports/upload.store.js';

/** Uploads read at once. */
const PAGE = 50;
/** Others changing one record at every one of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 5;

/** What the reports of uploads were rid of. `isComplete`: none had to be left alone because it is still being written. */
export interface CleanedReports {
  readonly findings: number;
  readonly isComplete: boolean;
}

/** Removes what the reports of uploads tell of a person: values in their errors, and alerts in previews. Throws StorageError. */
@Injectable()
export class UploadReportScrubber {
  constructor(
    @Inject(UploadStore) private readonly uploads: UploadStore,
    @Inject(FindingStore) private readonly findings: FindingStore,
    private readonly registry: InstanceRegistry,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Whether another instance imports a file, or will: it may name anybody. */
  async areBeingMade(): Promise<boolean> {
    for await (const record of this.all())
      if (!isSettled(record) && record.owner.instance !== this.registry.id) return true;
    return false;
  }

  /** Repeating it does what is left. */
  async remove(erasure: Erasure): Promise<CleanedReports> {
    let [findings, isComplete] = [0, true];
    for await (const record of this.all()) {
      this.lifecycle.halting.throwIfAborted();
      // Who finishes an upload puts its record as a whole: what it tells can be changed after that.
      if (!isSettled(record)) {
        isComplete &&= !(await this.tellsOf(record, erasure));
        continue;
      }
      const lines = await this.linesIn(record, erasure);
      if (lines.size > 0) findings += await this.clean(record.id, lines);
      findings += await this.cleanReport(record, erasure, lines);
    }
    return { findings, isComplete };
  }

  private async tellsOf(record: UploadRecord, erasure: Erasure): Promise<boolean> {
    const lines = await this.linesIn(record, erasure);
    return lines.size > 0 || reportWithout(record.report, erasure, lines) !== record.report;
  }

  private async linesIn({ id, report }: UploadRecord, { employeeId }: Erasure): Promise<Set<number>> {
    const lines = new Set(linesOf(employeeId, report.errors));
    for await (const part of this.findings.read(id))
      for (const line of linesOf(employeeId, part)) lines.add(line);
    return lines;
  }

  private async clean(uploadId: string, lines: ReadonlySet<number>): Promise<number> {
    let [number, changed] = [0, 0];
    for await (const part of this.findings.read(uploadId)) {
      const cleaned = withoutValues(part, lines);
      if (cleaned !== part) await this.findings.put(uploadId, number, cleaned);
      changed += cleaned.filter((finding, index) => finding !== part[index]).length;
      number += 1;
    }
    return changed;
  }

  /** Answers how many alerts of a preview were overwritten; the errors of a report are among the findings. */
  private async cleanReport(
    read: UploadRecord,
    erasure: Erasure,
    lines: ReadonlySet<number>,
  ): Promise<number> {
    let record: UploadRecord | undefined = read;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (!record) return 0;
      const { report, revision }: UploadRecord = record;
      const cleaned = reportWithout(report, erasure, lines);
      if (cleaned === report) return 0;
      if (await this.uploads.put({ ...record, report: cleaned, revision: revision + 1 })) {
        const before = report.preview?.alerts ?? [];
        return (cleaned.preview?.alerts ?? []).filter((alert, index) => alert !== before[index]).length;
      }
      record = await this.uploads.get(read.id);
    }
    throw new Error('The record of an upload was changed by others at every attempt to clean it');
  }

  private async *all(): AsyncIterable<UploadRecord> {
    let after: string | undefined;
    do {
      const page = await this.uploads.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }
}
