/**
 * Runs `work` for each value of a source, in their order; each begins while the one before may still be under way, two at
 * most at once. Rejects with the first failure, once nothing is under way, and begins nothing after it.
 */
export async function overlapped<Value>(
  source: AsyncIterable<Value>,
  work: (value: Value) => Promise<unknown>,
): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  let latest = before;
  try {
    for await (const value of source) {
      latest = work(value);
      // Heard of when it is awaited, a value later.
      latest.catch(() => undefined);
      await before;
      before = latest;
    }
    await before;
  } finally {
    await Promise.allSettled([before, latest]);
  }
}
