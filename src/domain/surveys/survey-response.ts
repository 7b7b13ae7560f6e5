import type { Answers } from './scoring.js';
import type { Metrics } from './scores.js';

const DATE = /^\d{4}-\d\d-\d\d/;
const DAY_CHARACTERS = 10;

/**
 * Whether a submission date is before a moment (ISO-8601, UTC). A date without a time counts until the end of its day. A text
 * that is no date, which other tools can write, is never before the moment.
 */
export function isSubmittedBefore(submissionDate: string, moment: string): boolean {
  if (!DATE.test(submissionDate)) return false;
  return submissionDate.length === DAY_CHARACTERS
    ? submissionDate < moment.slice(0, DAY_CHARACTERS)
    : submissionDate < moment;
}

/** One valid row of a survey file. */
export interface SurveyRow {
  readonly responseId: string;
  readonly employeeId: string;
  /** `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS.sssZ` if the file has a time. Sorts as text. */
  readonly submissionDate: string;
  readonly department?: string;
  readonly location?: string;
  readonly name?: string;
  readonly position?: string;
  readonly answers: Answers;
  /** The position in the file, from 1 after the header. */
  readonly row: number;
}

/** A scored response, as the `Survey_Response` table stores it. */
export interface SurveyResponse {
  readonly responseId: string;
  readonly employeeId: string;
  readonly submissionDate: string;
  readonly department?: string;
  readonly location?: string;
  /** By CSV column name (`Q1_Recommend`). */
  readonly answers: Readonly<Record<string, number>>;
  readonly metrics: Metrics;
  /** The upload of the response, and its row there: from 1 after the header. */
  readonly uploadId: string;
  readonly row?: number;
}

/** The calendar parts of a submission date, which the table stores beside it. */
export function calendarOf(submissionDate: string): { quarter: number; month: number; year: number } {
  const year = Number(submissionDate.slice(0, 4));
  const month = Number(submissionDate.slice(5, 7));
  return { quarter: Math.ceil(month / 3), month, year };
}
