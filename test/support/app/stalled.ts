import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks at the state. */
const LOOK_MS = 500;

/**
 * Rejects with `report` when `state` has stayed the same for `limitMs`: a run may take as long as the machine needs, and only one
 * that hangs ends. Resolves when `signal` aborts.
 */
export async function stalled(
  state: () => string,
  limitMs: number,
  signal: AbortSignal,
  report: () => Promise<string>,
): Promise<void> {
  let [last, idleMs] = [state(), 0];
  while (idleMs < limitMs) {
    try {
      await delay(LOOK_MS, undefined, { signal });
    } catch {
      return; // The run has ended.
    }
    const now = state();
    idleMs = now === last ? idleMs + LOOK_MS : 0;
    last = now;
  }
  throw new Error(await report());
}
