import { Inject, Injectable } from '@nestjs/common';
import { linesOf, reportWithout, withoutValues, type Erasure } from '../../domain/privacy/erasure.js';
import { isSettled, type UploadRecord } from '../../domain/uploads/upload.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { FindingStore } from '../../storage/ports/finding.store.js';
import { UploadStore } from '../../storage/ports/upload.store.js';

/** Uploads read at once. */
const PAGE = 50;
/** Other writers that change one record at each of this many attempts are a fault, not a race. */
const MAX_ATTEMPTS = 5;

/** The result of scrubbing. `isComplete`: no report had to be skipped because its upload still runs. */
export interface ScrubbedReports {
  readonly findings: number;
  readonly isComplete: boolean;
}

/** Removes a person from the reports of uploads: values in their errors, and alerts in previews. Throws StorageError. */
@Injectable()
export class UploadReportScrubber {
  constructor(
    @Inject(UploadStore) private readonly uploads: UploadStore,
    @Inject(FindingStore) private readonly findings: FindingStore,
    private readonly registry: InstanceRegistry,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Whether another instance imports a file, or will import one: it may name the person. */
  async areUnderWay(): Promise<boolean> {
    for await (const record of this.all())
      if (!isSettled(record) && record.owner.instance !== this.registry.id) return true;
    return false;
  }

  /** Repeating it does what is left. */
  async remove(erasure: Erasure): Promise<ScrubbedReports> {
    let [findings, isComplete] = [0, true];
    for await (const record of this.all()) {
      this.lifecycle.halting.throwIfAborted();
      // The process that finishes an upload writes the whole record: it can be changed only after that.
      if (!isSettled(record)) {
        isComplete &&= !(await this.names(record, erasure));
        continue;
      }
      const lines = await this.linesIn(record, erasure);
      if (lines.size > 0) findings += await this.scrubFindings(record.id, lines);
      findings += await this.scrubReport(record, erasure, lines);
    }
    return { findings, isComplete };
  }

  private async names(record: UploadRecord, erasure: Erasure): Promise<boolean> {
    const lines = await this.linesIn(record, erasure);
    return lines.size > 0 || reportWithout(record.report, erasure, lines) !== record.report;
  }

  private async linesIn({ id, report }: UploadRecord, { employeeId }: Erasure): Promise<Set<number>> {
    const lines = new Set(linesOf(employeeId, report.errors));
    for await (const part of this.findings.read(id))
      for (const line of linesOf(employeeId, part)) lines.add(line);
    return lines;
  }

  private async scrubFindings(uploadId: string, lines: ReadonlySet<number>): Promise<number> {
    let [number, changed] = [0, 0];
    for await (const part of this.findings.read(uploadId)) {
      const scrubbed = withoutValues(part, lines);
      if (scrubbed !== part) await this.findings.put(uploadId, number, scrubbed);
      changed += scrubbed.filter((finding, index) => finding !== part[index]).length;
      number += 1;
    }
    return changed;
  }

  /** Returns the number of alerts of a preview that were overwritten; the errors of a report are among the findings. */
  private scrubReport(read: UploadRecord, erasure: Erasure, lines: ReadonlySet<number>): Promise<number> {
    let record: UploadRecord | undefined = read;
    return retryOnConflict({ what: 'the record of an upload', maxAttempts: MAX_ATTEMPTS }, async () => {
      if (!record) return 0;
      const { report, revision } = record;
      const scrubbed = reportWithout(report, erasure, lines);
      if (scrubbed === report) return 0;
      if (await this.uploads.put({ ...record, report: scrubbed, revision: revision + 1 })) {
        const before = report.preview?.alerts ?? [];
        return (scrubbed.preview?.alerts ?? []).filter((alert, index) => alert !== before[index]).length;
      }
      record = await this.uploads.get(read.id);
      return CONFLICT;
    });
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
