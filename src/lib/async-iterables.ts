/** A result, and the index of its source. */
interface Step<Value> {
  readonly source: number;
  readonly result: IteratorResult<Value>;
}

/**
 * Merges several sources: yields every value once, as soon as it is available. At most one value per source is fetched
 * ahead. When a source fails, or the iteration is left early, all sources are ended.
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
 * Runs `work` for each value of a source, in their order. The work on a value may begin while the work on the one
 * before is still running, but at most two run at once. A value that `follows` the one before waits until that one has
 * ended. After a failure no further work begins; rejects with the first failure once no work is running.
 */
export async function pipelined<Value>(
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
