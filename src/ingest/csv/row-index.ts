/** A set of row numbers, one bit each. */
export class Bitset {
  private bits = new Uint32Array(1024);

  add(row: number): void {
    const word = row >>> 5;
    if (word >= this.bits.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.bits.length * 2));
      grown.set(this.bits);
      this.bits = grown;
    }
    this.bits[word] = (this.bits[word] ?? 0) | (1 << (row & 31));
  }

  has(row: number): boolean {
    return ((this.bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }
}

/** The first row of an id, and the digest of that row. */
export interface FirstSeen {
  readonly row: number;
  readonly digest: number;
}

/** The ids of a file. Keeps numbers in arrays beside one map, since a file may have a million ids. */
export class RowIndex {
  private readonly positions = new Map<string, number>();
  private readonly rows: number[] = [];
  private readonly digests: number[] = [];
  /** The number of copies, for ids that have copies. */
  private readonly copies = new Map<number, number>();

  find(id: string): FirstSeen | undefined {
    const at = this.positions.get(id);
    if (at === undefined) return undefined;
    const [row, digest] = [this.rows[at], this.digests[at]];
    return row === undefined || digest === undefined ? undefined : { row, digest };
  }

  add(id: string, { row, digest }: FirstSeen): void {
    this.positions.set(detachedCopy(id), this.rows.length);
    this.rows.push(row);
    this.digests.push(digest);
  }

  /** Counts a row that repeats the first one of its id. */
  addCopy(id: string): void {
    const at = this.positions.get(id);
    if (at !== undefined) this.copies.set(at, this.copiesAt(at) + 1);
  }

  /** How often {@link addCopy} was called for an id. */
  copiesOf(id: string): number {
    const at = this.positions.get(id);
    return at === undefined ? 0 : this.copiesAt(at);
  }

  private copiesAt(at: number): number {
    return this.copies.get(at) ?? 0;
  }
}

/** A copy of a cell. A cell is a slice that keeps its whole chunk of the file in memory; the copy does not. */
export function detachedCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
