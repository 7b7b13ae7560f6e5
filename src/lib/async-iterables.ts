/** What one source has given, and which. */
interface Step<Value> {
  readonly source: number;
  readonly result: IteratorResult<Value>;
}

/**
 * The values of several sources, each as soon as it is there, and each once. Of every source one value at most is fetched
 * ahead. When one fails, or nobody wants more, all are ended.
 */
export async function* merge<Value>(sources: readonly AsyncIterable<Value>[]): AsyncGenerator<Value> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const fetch = async (source: number): Promise<Step<Value>> => {
    const iterator = iterators[source];
    return { source, result: iterator ? await iterator.next() : { done: true, value: undefined } };
  };
  const pending = new Map(iterators.map((_, source) => [source, fetch(source)]));
  // What fails while another one is awaited is heard of when its turn comes, or not at all once all are ended.
  for (const step of pending.values()) step.catch(() => undefined);
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      pending.delete(source);
      if (result.done === true) continue;
      const next = fetch(source);
      next.catch(() => undefined);
      // Behind the others: a source that is always ready does not keep them waiting.
      pending.set(source, next);
      yield result.value;
    }
  } finally {
    await Promise.allSettled(iterators.map(async (iterator) => iterator.return?.()));
  }
}
