/** Where an id stood first, and the digest of that row. */
export interface FirstSeen {
  readonly row: number;
  readonly line: number;
  readonly digest: number;
}

/** The ids of a file. Holds them as numbers beside one map, since a file may have a million. */
export class SeenIds {
  private readonly positions = new Map<string, number>();
  private readonly rows: number[] = [];
  private readonly lines: number[] = [];
  private readonly digests: number[] = [];

  find(id: string): FirstSeen | undefined {
    const at = this.positions.get(id);
    if (at === undefined) return undefined;
    const [row, line, digest] = [this.rows[at], this.lines[at], this.digests[at]];
    return row === undefined || line === undefined || digest === undefined
      ? undefined
      : { row, line, digest };
  }

  add(id: string, { row, line, digest }: FirstSeen): void {
    this.positions.set(ownCopy(id), this.rows.length);
    this.rows.push(row);
    this.lines.push(line);
    this.digests.push(digest);
  }
}

/** A cell is a slice that keeps its whole chunk of the file alive; this is the text alone. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
