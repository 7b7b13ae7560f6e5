import type { Random } from './random.js';

/** A table as text: the header, and the cells of each row. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One way to write a table as CSV. */
export interface CsvDialect {
  readonly delimiter: ',' | ';' | '\t';
  /** Several: each line, and the line ends within each cell, take one of them. */
  readonly lineEnds: readonly ('\n' | '\r\n' | '\r')[];
  readonly hasBom: boolean;
  readonly quotes: 'all' | 'needed';
  readonly endsWithLineEnd: boolean;
}

const LINE_ENDS: readonly CsvDialect['lineEnds'][] = [['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r']];

/** Every way that is accepted. */
export const CSV_DIALECTS: readonly CsvDialect[] = ([',', ';', '\t'] as const).flatMap((delimiter) =>
  LINE_ENDS.flatMap((lineEnds) =>
    [false, true].flatMap((hasBom) =>
      (['all', 'needed'] as const).flatMap((quotes) =>
        [false, true].map((endsWithLineEnd) => ({ delimiter, lineEnds, hasBom, quotes, endsWithLineEnd })),
      ),
    ),
  ),
);

/** Writes a table in a dialect, its columns in any order. A line feed in a cell becomes a line end of the dialect. */
export function writeCsv({ columns, rows }: TextTable, dialect: CsvDialect, random: Random): string {
  const { delimiter, lineEnds, hasBom, quotes, endsWithLineEnd } = dialect;
  const order = shuffled(columns.keys(), random);
  const cell = (text: string): string => {
    const isPlain = quotes === 'needed' && !text.includes(delimiter) && !/["\n]/.test(text);
    return isPlain ? text : `"${text.replaceAll('"', '""').replaceAll('\n', random.pick(lineEnds))}"`;
  };
  const lines = [columns, ...rows].map((row) => order.map((at) => cell(row[at] ?? '')).join(delimiter));
  const ended = lines.map((line, index) =>
    index < lines.length - 1 || endsWithLineEnd ? line + random.pick(lineEnds) : line,
  );
  return (hasBom ? '\ufeff' : '') + ended.join('');
}

/** The items in an order of their own. */
export function shuffled<T>(items: Iterable<T>, random: Random): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(random.whole(0, rest.length - 1), 1));
  return result;
}
