import type { Instrument } from '../surveys/questionnaire.js';
import type { SurveyRow } from '../surveys/survey-response.js';
import type { DateFormat } from './file-options.js';
import { readDate, type DateReading } from './dates.js';
import type { HeaderMap } from './header.js';
import { checkShape, idError, MAX_ID_CHARACTERS, RowIssues, type RowReader } from './row-reading.js';

export interface SurveyReaderOptions {
  readonly instrument: Instrument;
  readonly dateFormat: DateFormat;
  readonly maxCellCharacters: number;
  /** When the upload was accepted, in milliseconds since 1970: the reference for "future" in every pass over the file. */
  readonly now: number;
}

/**
 * Creates the reader for survey rows. A blank answer is absent, and so is a blank department, location, name or position.
 * Without a response_id the row gets one from employee and date, so that a repeated import replaces its rows.
 */
export function surveyReader(map: HeaderMap<'survey'>, options: SurveyReaderOptions): RowReader<SurveyRow> {
  const { names, questions } = map;
  const column = (field: Parameters<typeof map.fields.get>[0]) => map.fields.get(field) ?? -1;
  const employeeAt = column('employee_id');
  const dateAt = column('submission_date');
  const departmentAt = column('department');
  const responseAt = column('response_id');
  const texts = (['location', 'name', 'position'] as const).map((field) => ({ field, index: column(field) }));
  const parseAnswer = answerParser(options.instrument);
  const parseDate = dateParser(options);

  return (record, row) => {
    const { cells } = record;
    const issues = new RowIssues(record, names);
    checkShape(record, names.length, options.maxCellCharacters, issues);
    if (!issues.isEmpty()) return { issues: issues.all };

    const employeeId = (cells[employeeAt] ?? '').trim();
    const employeeError = idError(employeeId);
    if (employeeError) issues.add(employeeError, employeeAt);

    const date = parseDate(cells[dateAt] ?? '');
    if ('error' in date) issues.add(date.error, dateAt);
    const submissionDate = 'date' in date ? date.date : '';

    const given = responseAt < 0 ? '' : (cells[responseAt] ?? '').trim();
    const responseId = given === '' ? `${employeeId}:${submissionDate}` : given;
    const responseError = given === '' ? undefined : idError(given);
    if (responseError) issues.add(responseError, responseAt);

    const department = (cells[departmentAt] ?? '').trim();
    if (department.length > MAX_ID_CHARACTERS) issues.add('name_too_long', departmentAt);

    const answers: (number | undefined)[] = [];
    for (const { number, index } of questions) {
      const cell = cells[index] ?? '';
      const answer = parseAnswer(cell);
      if (answer !== undefined) answers[number] = answer;
      else if (cell.trim() !== '') issues.add('invalid_answer', index);
    }
    if (!issues.isEmpty()) return { issues: issues.all };

    const optional: { department?: string; location?: string; name?: string; position?: string } = {};
    if (department !== '') optional.department = department;
    for (const { field, index } of texts) {
      const cell = cells[index];
      if (cell !== undefined && cell.trim() !== '') optional[field] = cell;
    }
    return { row: { responseId, employeeId, submissionDate, ...optional, answers, row } };
  };
}

/** The size of the cache of parsed dates. A file has few distinct dates. */
const KEPT_DATES = 4_096;

function dateParser({ dateFormat, now }: SurveyReaderOptions): (cell: string) => DateReading {
  const kept = new Map<string, DateReading>();
  return (cell) => {
    let reading = kept.get(cell);
    if (!reading) {
      reading = readDate(cell, dateFormat, now);
      if (kept.size < KEPT_DATES) kept.set(cell, reading);
    }
    return reading;
  };
}

/** Reads `4` and `4.0` (as spreadsheets and pandas write whole numbers); anything else is undefined. */
function answerParser({ scale }: Instrument): (cell: string) => number | undefined {
  const accepted = new Map<string, number>();
  for (let value = scale.min; value <= scale.max; value += 1) {
    accepted.set(String(value), value).set(`${value}.0`, value);
  }
  return (cell) => accepted.get(cell) ?? accepted.get(cell.trim());
}
