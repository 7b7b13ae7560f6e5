declare global {
  // Set by jest.config.mjs for each of its projects.
  var PULSEWATCH_PROJECT: 'unit' | 'contract' | 'e2e' | 'long' | undefined;
}

/** The Jest project that runs this spec. */
export const PROJECT = globalThis.PULSEWATCH_PROJECT ?? 'e2e';

/** What a spec runs in this project: a part that proves the behaviour in `e2e`, and the rest in `long`. */
export function inProject<T>(items: {
  readonly e2e: readonly T[];
  readonly long: readonly T[];
}): readonly T[] {
  return PROJECT === 'long' ? items.long : items.e2e;
}
