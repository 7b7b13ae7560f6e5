/** The steps of an import that take time, in order. */
export type WorkStage = 'validating' | 'writing' | 'previewing' | 'evaluating';

/** How much of the whole each step takes, in per cent; about, and adding up to 100. */
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

/** How far an import is. */
export interface UploadProgress {
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** The rows to be written; null until the whole file was read once. */
  readonly rowsTotal: number | null;
  /** Until the end of the import, by the rate of the current stage; null: not known. */
  readonly secondsRemaining: number | null;
}

/** Nothing is done yet. */
export const NO_PROGRESS: UploadProgress = {
  bytesRead: 0,
  rowsRead: 0,
  rowsWritten: 0,
  rowsTotal: null,
  secondsRemaining: null,
};

/** A stage shorter than this says nothing about its rate. */
const TELLING_MS = 1_000;

/** How much is done when `fraction` (0–1) of a stage is: per cent, whole, at most 99. */
export function percentDone(plan: WorkPlan, stage: WorkStage, fraction: number): number {
  const at = plan.findIndex(([name]) => name === stage);
  const before = sumOfShares(plan.slice(0, at));
  return Math.min(99, Math.floor(before + shareOf(plan, stage) * clamp(fraction)));
}

/**
 * Seconds until the end, when `fraction` (0–1) of a stage took `elapsedMs`: the rest of the stage at the same rate, and
 * the stages after it in the proportion that the plan gives them. Null while too little is done to tell.
 */
export function secondsRemaining(
  plan: WorkPlan,
  stage: WorkStage,
  fraction: number,
  elapsedMs: number,
): number | null {
  if (elapsedMs < TELLING_MS || fraction <= 0) return null;
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
