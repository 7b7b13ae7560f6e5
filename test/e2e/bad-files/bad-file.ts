import type { Variables } from '../../support/app/app.js';

/** What is sent in one request. */
export interface Sent {
  readonly file: string | Uint8Array<ArrayBuffer>;
  /** The name that the client gives the file. */
  readonly name?: string;
  /** The type that the client gives it. */
  readonly type?: string;
  readonly fields?: Variables;
}

/** Code, line, column and value of an error, as far as it has them. The value is compared where it is given. */
export type Finding = readonly [code: string, line?: number, column?: string, value?: string | undefined];

/** What the tables hold: every row of each, by id, with the values that matter. Absent: no row. */
export interface Company {
  readonly responses?: readonly Row[];
  readonly employees?: readonly Row[];
  readonly departments?: readonly Row[];
}
export type Row = Readonly<Record<string, unknown>>;

/** The request itself is refused. */
export interface Refused {
  readonly refused: number;
  readonly code: string;
}

/** The upload is taken, and this is what its report says and the tables hold. */
export interface Reported {
  /** The code of a failed upload. Absent: it is completed. */
  readonly fails?: string;
  readonly errors?: readonly Finding[];
  /** Code and column of each warning. */
  readonly warnings?: readonly (readonly [code: string, column: string])[];
  /** What the report says beside: counts, dialect, kind. */
  readonly report?: Row;
  /** Absent: what they held before, to the letter. */
  readonly leaves?: Company;
  /** Type and entity of every message that the alert log gains, in any order. */
  readonly alerts?: readonly string[];
}

/** A bad or odd file, and everything that may come of it. */
export interface BadFile extends Sent {
  /** Ends the sentence "a file …". */
  readonly that: string;
  /** What is imported before, and is without a fault. */
  readonly after?: readonly Sent[];
  readonly gives: Refused | Reported;
}

/** A failed upload, of which nothing is written. */
export function fails(code: string, ...errors: readonly Finding[]): Reported {
  return { fails: code, errors };
}
