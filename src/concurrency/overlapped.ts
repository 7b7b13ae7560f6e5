/**
 * Runs `work` for each value of a source, in their order; each begins while the one before may still be under way, two at
 * most at once. A value that `follows` the one before begins when that one has ended. Rejects with the first failure, once
 * nothing is under way, and begins nothing after it.
 */
export async function overlapped<Value>(
  source: AsyncIterable<Value>,
  work: (value: Value) => Promise<unknown>,
  follows: (value: Value, before: Value) => boolean = () => false,
): Promise<void> {
  let before: { readonly value: Value; readonly ended: Promise<unknown> } | undefined;
  let latest: Promise<unknown> | undefined;
  try {
    for await (const value of source) {
      if (before && follows(value, before.value)) await before.ended;
      latest = work(value);
      // Heard of when it is awaited, a value later.
      latest.catch(() => undefined);
      await before?.ended;
      before = { value, ended: latest };
    }
    await before?.ended;
  } finally {
    await Promise.allSettled([before?.ended, latest]);
  }
}
