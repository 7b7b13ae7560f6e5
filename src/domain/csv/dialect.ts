export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const LINE_ENDS = ['lf', 'crlf', 'cr', 'mixed', 'none'] as const;
export type LineEnds = (typeof LINE_ENDS)[number];

/** The dialect of a file, as far as the file was read. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly lineEnds: LineEnds;
  /** Whether the file begins with a byte order mark. */
  readonly hasBom: boolean;
}

/**
 * Detects the delimiter of a header line: the most frequent of comma, semicolon and tab outside quotes, the earlier in this
 * list on a tie. Without any of them the result is a comma, for a file of one column.
 */
export function detectDelimiter(text: string): Delimiter {
  const [header = ''] = text.replace(/"[^"]*"/g, '').split('\n', 1);
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best: Delimiter, other) => (count(other) > count(best) ? other : best), ',');
}

/** Counts the line ends of a text that arrives in pieces. */
export class LineEndCounter {
  private lf = 0;
  private crlf = 0;
  private cr = 0;

  /** Adds a piece. It must not end between CR and LF of one line end. */
  add(text: string): void {
    if (!text.includes('\r')) {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lf += 1;
      return;
    }
    for (const [end] of text.matchAll(/\r\n|\r|\n/g)) {
      if (end === '\n') this.lf += 1;
      else if (end === '\r') this.cr += 1;
      else this.crlf += 1;
    }
  }

  get kind(): LineEnds {
    const kinds: LineEnds[] = [];
    if (this.lf > 0) kinds.push('lf');
    if (this.crlf > 0) kinds.push('crlf');
    if (this.cr > 0) kinds.push('cr');
    return kinds.length > 1 ? 'mixed' : (kinds[0] ?? 'none');
  }
}
