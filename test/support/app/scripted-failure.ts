/** A script whose next call can be made to fail. */
export interface MayFail {
  /** What the next call throws. */
  failure: Error | undefined;
}

/** What a call answers, some time later; or the failure that the script has for it, once. */
export function answerOrFail<T>(script: MayFail, make: () => T): Promise<T> {
  return Promise.resolve().then(() => {
    const { failure } = script;
    script.failure = undefined;
    if (failure) throw failure;
    return make();
  });
}
