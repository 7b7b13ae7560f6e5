/** The stages of an import that take time, in order. */
export type WorkStage = 'validating' | 'writing' | 'previewing' | 'evaluating';

/** The approximate share of each stage in percent. The shares add up to 100. */
export type WorkPlan = readonly (readonly [stage: WorkStage, share: number])[];

export const IMPORT_PLAN: WorkPlan = [
  ['validating', 25],
  ['writing', 65],
  ['evaluating', 10],
];
export const DRY_RUN_PLAN: WorkPlan = [
  ['validating', 60],
  ['previewing', 30],
  ['evaluating', 10],
];

/** The progress of an import. */
export interface UploadProgress {
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** The number of rows to write; null until the whole file has been read once. */
  readonly rowsTotal: number | null;
  /** Seconds until the end of the import, extrapolated from the current stage; null: unknown. */
  readonly secondsRemaining: number | null;
}

/** The progress before the start. */
export const NO_PROGRESS: UploadProgress = {
  bytesRead: 0,
  rowsRead: 0,
  rowsWritten: 0,
  rowsTotal: null,
  secondsRemaining: null,
};

/** The shortest time from which the rate of a stage is extrapolated. */
const MIN_ELAPSED_MS = 1_000;

/** The whole percentage that is done after `fraction` (0–1) of a stage, at most 99. */
export function percentDone(plan: WorkPlan, stage: WorkStage, fraction: number): number {
  const at = plan.findIndex(([name]) => name === stage);
  const before = sumOfShares(plan.slice(0, at));
  return Math.min(99, Math.floor(before + shareOf(plan, stage) * clamp(fraction)));
}

/**
 * Seconds until the end after `fraction` (0–1) of a stage took `elapsedMs`: the rest of the stage at the same rate, and the
 * later stages by their shares in the plan. Null in the first second of a stage.
 */
export function secondsRemaining(
  plan: WorkPlan,
  stage: WorkStage,
  fraction: number,
  elapsedMs: number,
): number | null {
  if (elapsedMs < MIN_ELAPSED_MS || fraction <= 0) return null;
  const at = plan.findIndex(([name]) => name === stage);
  const stageMs = elapsedMs / clamp(fraction);
  const laterMs = (stageMs * sumOfShares(plan.slice(at + 1))) / shareOf(plan, stage);
  return Math.ceil((stageMs - elapsedMs + laterMs) / 1_000);
}

function sumOfShares(plan: WorkPlan): number {
  return plan.reduce((sum, [, share]) => sum + share, 0);
}

function shareOf(plan: WorkPlan, stage: WorkStage): number {
  return plan.find(([name]) => name === stage)?.[1] ?? 1;
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
