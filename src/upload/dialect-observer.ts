import { LineEndCounter, type Delimiter, type Dialect } from '../domain/csv/dialect.js';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Learns from one pass over a file how it is written. */
export class DialectObserver {
  readonly lineEnds = new LineEndCounter();
  delimiter: Delimiter = ',';
  private hasBom = false;

  /** The first bytes of the file. */
  begin(bytes: Buffer): void {
    this.hasBom = bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
  }

  /** What was seen so far. */
  get dialect(): Dialect {
    return { delimiter: this.delimiter, lineEnds: this.lineEnds.kind, hasBom: this.hasBom };
  }
}
