declare global {
  // Set by jest.config.mjs for each of its projects.
  var PULSEWATCH_PROJECT: 'unit' | 'contract' | 'e2e' | 'long' | undefined;
}

/** The Jest project that runs this spec. */
export const PROJECT = globalThis.PULSEWATCH_PROJECT ?? 'e2e';

/** What a `.more.spec.ts` runs in this project: the part that proves the behaviour (`short`), or the rest in `long`. */
export function inProject<T>(items: {
  readonly short: readonly T[];
  readonly long: readonly T[];
}): readonly T[] {
  return PROJECT === 'long' ? items.long : items.short;
}
