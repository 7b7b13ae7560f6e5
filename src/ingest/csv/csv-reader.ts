import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { detectDelimiter } from '../../domain/csv/dialect.js';
import { isUtf16 } from '../../domain/csv/encoding.js';
import type { CsvRecord } from '../../domain/csv/row-reading.js';
import type { DialectObserver } from './validation-report.js';
import { FileError } from './file-error.js';
import { Utf8Decoder } from './utf8-decoder.js';

/** How {@link readCsv} reads a file. */
export interface CsvReading {
  /** The longest record, in characters: an unclosed quote would otherwise take in the rest of the file. */
  readonly maxRecordCharacters?: number | undefined;
  /** Observes the dialect of the file. */
  readonly dialect?: DialectObserver | undefined;
  /** Called with the number of bytes read so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const MAX_RECORD_CHARACTERS = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** The length of the sample in which UTF-16 is detected. */
const SAMPLE_BYTES = 1024;

/**
 * Reads the records of a CSV file, the header first, in batches of one chunk of the file: memory does not grow with the
 * file. The text is UTF-8, checked strictly; a BOM is dropped; LF, CRLF and CR end lines and become LF inside quoted cells;
 * the delimiter is whichever of comma, semicolon and tab is most frequent in the first line.
 *
 * Blank lines are records of one blank cell, except before the header, where they are skipped. Throws FileError, after
 * the records before the fault where they could be read.
 */
export async function* readCsv(
  path: string,
  { maxRecordCharacters: maxLength = MAX_RECORD_CHARACTERS, dialect, onBytes }: CsvReading = {},
): AsyncGenerator<CsvRecord[], void> {
  let pending = '';
  let line = 1;
  let parser: Papa.Parser | undefined;
  for await (const text of readText(path, dialect, onBytes)) {
    pending += text;
    if (!parser) {
      const blank = /^(?:[ \t]*\n)*/.exec(pending)?.[0] ?? '';
      line += countLineEnds(blank);
      pending = pending.slice(blank.length);
      if (!pending.includes('\n') && pending.length < maxLength) continue;
      parser = newParser(pending, dialect);
    }
    // Whole lines only: a text cut between a closing quote and the delimiter would look like a stray quote.
    const end = pending.lastIndexOf('\n') + 1;
    const { records, rest, nextLine, fault } = parse(parser, pending.slice(0, end), line, true, maxLength);
    pending = rest + pending.slice(end);
    line = nextLine;
    if (records.length > 0) yield records;
    if (fault) throw fault;
    if (pending.length > maxLength) throw tooLong(pending, line);
  }
  if (pending === '' || (!parser && pending.trim() === '')) return;
  const { records, fault } = parse(parser ?? newParser(pending, dialect), pending, line, false, maxLength);
  if (records.length > 0) yield records;
  if (fault) throw fault;
}

function newParser(text: string, dialect: DialectObserver | undefined): Papa.Parser {
  const delimiter = detectDelimiter(text);
  if (dialect) dialect.delimiter = delimiter;
  return new Papa.Parser({ delimiter, newline: '\n' });
}

/** The text of a file in pieces, with LF for every line end. `dialect` observes the original line ends. */
async function* readText(
  path: string,
  dialect: DialectObserver | undefined,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<string> {
  const utf8 = new Utf8Decoder();
  let heldReturn = '';
  let line = 1;
  let isFirst = true;
  let read = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (isFirst) {
      if (isUtf16(bytes.subarray(0, SAMPLE_BYTES))) throw new FileError('utf16');
      dialect?.begin(bytes);
    }
    isFirst = false;
    read += bytes.length;
    onBytes?.(read);
    let text = heldReturn + utf8.decode(bytes, line, heldReturn);
    const [beforeNul = ''] = text.split('\0', 1);
    if (beforeNul.length < text.length)
      throw new FileError('nul_byte', line + countLineEnds(withLineFeeds(beforeNul)));
    // A CR at the end of a chunk may be the first half of CRLF.
    heldReturn = text.endsWith('\r') ? '\r' : '';
    if (heldReturn) text = text.slice(0, -1);
    dialect?.lineEnds.add(text);
    const normalised = withLineFeeds(text);
    line += countLineEnds(normalised);
    yield normalised;
  }
  dialect?.lineEnds.add(heldReturn);
  const last = heldReturn.replace('\r', '\n') + utf8.decode(undefined, line);
  if (last !== '') yield last;
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

interface Parsed {
  readonly records: CsvRecord[];
  readonly rest: string;
  readonly nextLine: number;
  /** The fault after the last record. */
  readonly fault?: FileError;
}

function parse(
  parser: Papa.Parser,
  text: string,
  firstLine: number,
  moreToCome: boolean,
  maxLength: number,
): Parsed {
  const { data, errors, meta } = parser.parse(text, 0, moreToCome) as Papa.ParseResult<string[]>;
  const [error] = errors;
  const quoted = text.includes('"');
  // When the whole text is within the limit, every record is.
  const mayBeLong = text.length > maxLength;
  const records: CsvRecord[] = [];
  let line = firstLine;
  for (const cells of error ? data.slice(0, error.row ?? 0) : data) {
    if (mayBeLong && lengthOf(cells) > maxLength)
      return { records, rest: '', nextLine: line, fault: new FileError('record_too_long', line) };
    records.push({ cells, line });
    line += 1 + (quoted ? lineEndsIn(cells) : 0);
  }
  if (!error) return { records, rest: text.slice(meta.cursor), nextLine: line };
  // After a stray quote the text that follows may be taken for part of the cell, so nothing beyond it can be trusted.
  const code = error.code === 'InvalidQuotes' ? 'stray_quote' : 'unclosed_quote';
  return { records, rest: '', nextLine: line, fault: new FileError(code, line) };
}

/** The length of a record without its quotes. */
function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length, cells.length - 1);
}

function lineEndsIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + countLineEnds(cell), 0);
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function tooLong(record: string, line: number): FileError {
  return new FileError(record.includes('"') ? 'unclosed_quote' : 'record_too_long', line);
}
