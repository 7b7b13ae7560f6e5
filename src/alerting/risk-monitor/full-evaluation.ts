import { Inject, Injectable, Logger } from '@nestjs/common';
import { MaterializedTotals, type TotalsCheck } from '../../ingest/departments/materialized-totals.js';
import { beginningOf, type PartProgress } from '../../domain/alerts/evaluation-pass.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { EmployeeStore, SCAN_PARTS, type EntityStore } from '../../storage/ports/entity.store.js';
import { RiskEvaluator, type EvaluationResult, type Progress } from './risk-evaluator.js';
import { merge } from '../../lib/async-iterables.js';
import type { TableView } from '../../ingest/sync/overlay-evaluator.js';

/** A scan of a whole table, its parts side by side, which records its position and can resume from there. */
class ResumableScan<T> implements TableView<T> {
  private readonly parts: PartProgress[];

  constructor(
    private readonly table: Pick<EntityStore<T>, 'getMany' | 'scanPart'>,
    parts: readonly PartProgress[],
    private readonly onPage: (page: readonly T[]) => void = () => undefined,
  ) {
    this.parts = [...parts];
  }

  /** How far the pages that were handed out reach. */
  get position(): readonly PartProgress[] {
    return [...this.parts];
  }

  getMany(ids: readonly string[]): Promise<Map<string, T>> {
    return this.table.getMany(ids);
  }

  async *scan(): AsyncIterable<readonly T[]> {
    const open = this.parts.flatMap(({ after, isDone }, index) => (isDone ? [] : [this.pages(index, after)]));
    for await (const { index, items, next } of merge(open)) {
      this.parts[index] = next === undefined ? { isDone: true } : { after: next, isDone: false };
      if (items.length === 0) continue;
      this.onPage(items);
      yield items;
    }
  }

  private async *pages(index: number, after: string | undefined) {
    const part = { index, of: this.parts.length, ...(after === undefined ? {} : { after }) };
    let isAtEnd = false;
    for await (const page of this.table.scanPart(part)) {
      isAtEnd = page.next === undefined;
      yield { index, ...page };
    }
    if (!isAtEnd) yield { index, items: [], next: undefined };
  }
}

/** Evaluates every employee and every department, and detects department totals that edits of other tools have changed. */
@Injectable()
export class FullEvaluation {
  private readonly logger = new Logger(FullEvaluation.name);

  constructor(
    private readonly evaluator: RiskEvaluator,
    private readonly totals: MaterializedTotals,
    private readonly metrics: Metrics,
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
  ) {}

  /** Resumes where `parts` end, and records its position through `progress`. Throws StorageError, and the signal's reason. */
  async run(
    signal: AbortSignal,
    parts: readonly PartProgress[] = beginningOf(SCAN_PARTS),
    progress?: Progress<readonly PartProgress[]>,
  ): Promise<EvaluationResult> {
    const isWhole = parts.every(({ after, isDone }) => after === undefined && !isDone);
    const check = isWhole ? await this.totals.check() : undefined;
    const scan = new ResumableScan(this.employees, parts, (page) => check?.add(page));
    const employees = await this.evaluator.evaluateTable(scan, signal, {
      isDue: () => progress?.isDue() ?? false,
      reached: async () => progress?.reached(scan.position),
    });
    if (check) await this.finish(check);
    const departments = await this.evaluator.evaluateDepartments('many', signal);
    return {
      raised: employees.raised + departments.raised,
      cleared: employees.cleared + departments.cleared,
    };
  }

  /** The departments themselves are rolled up by the next sync that changes them. */
  private async finish(check: TotalsCheck): Promise<void> {
    const { size: drifted } = await check.save();
    if (drifted === 0) return;
    this.metrics.departmentDrift.inc(drifted);
    this.logger.log(
      { departments: drifted },
      `Other tools have edited employees of ${drifted} department(s)`,
    );
  }
}
