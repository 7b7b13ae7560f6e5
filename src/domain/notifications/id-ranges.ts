/** A set of event ids, stored as runs of consecutive ids. Memory is proportional to the number of runs. */
export class IdRanges {
  /** The first and the last id of each run, ascending. At least one id is missing between two runs. */
  private readonly runs: [first: number, last: number][] = [];

  /** Parses the result of {@link toString}. Throws RangeError for any other text. */
  static parse(text: string): IdRanges {
    const ranges = new IdRanges();
    if (text === '') return ranges;
    let position = 0;
    for (const run of text.split(',')) {
      const [, gap, more] = /^([0-9a-z]+)(?:\+([0-9a-z]+))?$/.exec(run) ?? [];
      if (gap === undefined) throw new RangeError('The text is not a list of id ranges');
      const first = position + Number.parseInt(gap, 36);
      position = first + (more === undefined ? 0 : Number.parseInt(more, 36));
      ranges.addRun(first, position);
    }
    return ranges;
  }

  /** The ids above `after`, up to and with `upTo`, that are not in `ids`. */
  static complement(ids: IdRanges, after: number, upTo: number): IdRanges {
    const rest = new IdRanges();
    let next = after + 1;
    for (const [first, last] of ids.runs) {
      if (last < next) continue;
      if (first > upTo) break;
      if (first > next) rest.addRun(next, first - 1);
      next = last + 1;
    }
    if (next <= upTo) rest.addRun(next, upTo);
    return rest;
  }

  /** The union of several sets. */
  static union(sets: Iterable<IdRanges>): IdRanges {
    const all = [...sets].flatMap(({ runs }) => runs).sort(([a], [b]) => a - b);
    const union = new IdRanges();
    for (const [first, last] of all) union.addRun(first, last);
    return union;
  }

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  /** The lowest id; undefined for an empty set. */
  get first(): number | undefined {
    return this.runs[0]?.[0];
  }

  /** The highest id; undefined for an empty set. */
  get last(): number | undefined {
    return this.runs.at(-1)?.[1];
  }

  /** The number of ids. */
  get size(): number {
    return this.runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** The number of runs. Memory and the length of the text are proportional to it. */
  get runCount(): number {
    return this.runs.length;
  }

  /** The lowest id at or above `id`. */
  firstFrom(id: number): number | undefined {
    const run = this.runs[this.indexFrom(id)];
    return run && Math.max(run[0], id);
  }

  has(id: number): boolean {
    const run = this.runs[this.indexFrom(id)];
    return run !== undefined && run[0] <= id;
  }

  add(id: number): void {
    this.addRun(id, id);
  }

  /** Adds every id from `first` to `last`. Takes constant time above the highest id. */
  addRun(first: number, last: number): void {
    // Merges the runs that touch the new one.
    const from = this.indexFrom(first - 1);
    let to = from;
    let [low, high] = [first, last];
    for (let run = this.runs[to]; run !== undefined && run[0] <= last + 1; run = this.runs[to]) {
      low = Math.min(low, run[0]);
      high = Math.max(high, run[1]);
      to += 1;
    }
    this.runs.splice(from, to - from, [low, high]);
  }

  delete(id: number): void {
    const index = this.indexFrom(id);
    const run = this.runs[index];
    if (run === undefined || run[0] > id) return;
    const [first, last] = run;
    const rest: [number, number][] = [];
    if (first < id) rest.push([first, id - 1]);
    if (id < last) rest.push([id + 1, last]);
    this.runs.splice(index, 1, ...rest);
  }

  /** Removes every id up to and with this one. */
  deleteTo(id: number): void {
    const index = this.indexFrom(id + 1);
    const run = this.runs[index];
    if (run !== undefined && run[0] <= id) run[0] = id + 1;
    this.runs.splice(0, index);
  }

  /** Iterates over the ids in ascending order. The set must not change during the iteration. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (const [first, last] of this.runs) for (let id = first; id <= last; id += 1) yield id;
  }

  /** The set as a text of a few characters a run. */
  toString(): string {
    let position = 0;
    return this.runs
      .map(([first, last]) => {
        const gap = (first - position).toString(36);
        position = last;
        return first === last ? gap : `${gap}+${(last - first).toString(36)}`;
      })
      .join(',');
  }

  /** The index of the first run that ends at or after `id`. */
  private indexFrom(id: number): number {
    let [low, high] = [0, this.runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.runs[middle]?.[1] ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
