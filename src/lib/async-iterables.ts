/** A result, and the index of its source. */
interface Step<Value> {
  readonly source: number;
  readonly result: IteratorResult<Value>;
}

/**
 * The values of several sources, each as soon as it is there, and each once. Of every source one value at most is
 * fetched ahead. When one fails, or nobody wants more, all are ended.
 */
export async function* merge<Value>(sources: readonly AsyncIterable<Value>[]): AsyncGenerator<Value> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const fetch = async (source: number): Promise<Step<Value>> => {
    const iterator = iterators[source];
    return { source, result: iterator ? await iterator.next() : { done: true, value: undefined } };
  };
  const pending = new Map(iterators.map((_, source) => [source, fetch(source)]));
  // A failure while another source is awaited is raised in its turn, or dropped once all sources are ended.
  for (const step of pending.values()) step.catch(() => undefined);
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      pending.delete(source);
      if (result.done === true) continue;
      const next = fetch(source);
      next.catch(() => undefined);
      // Behind the others: a source that is always ready does not delay them.
      pending.set(source, next);
      yield result.value;
    }
  } finally {
    await Promise.allSettled(iterators.map(async (iterator) => iterator.return?.()));
  }
}

/**
 * Runs `work` for each value of a source, in their order; each begins while the one before may still be under way, two
 * at most at once. A value that `follows` the one before begins when that one has ended. Rejects with the first
 * failure, once nothing is under way, and begins nothing after it.
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
      // The failure is raised when the promise is awaited, one value later.
      latest.catch(() => undefined);
      await before?.ended;
      before = { value, ended: latest };
    }
    await before?.ended;
  } finally {
    await Promise.allSettled([before?.ended, latest]);
  }
}
