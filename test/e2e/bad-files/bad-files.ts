import { ANSWERS } from './answers.js';
import type { BadFile } from './bad-file.js';
import { DATES } from './dates.js';
import { DEPARTMENT_ROSTERS } from './department-rosters.js';
import { DIALECTS } from './dialects.js';
import { ENCODINGS } from './encoding.js';
import { HEADER_NAMES, HEADERS } from './headers.js';
import { IDS } from './ids.js';
import { EMPTY, KINDS } from './kinds.js';
import { LIMITS_PASSED } from './limits.js';
import { MODES } from './modes.js';
import { QUOTES, RAGGED } from './quotes.js';
import { REQUESTS } from './requests.js';
import { RESPONSES } from './responses.js';
import { ROSTERS } from './rosters.js';
import { DEPARTMENT_NAMES, TEXTS_KEPT } from './texts.js';

/** Every bad and odd file, by subject. */
export const BAD_FILES: Readonly<Record<string, readonly BadFile[]>> = {
  'no CSV': REQUESTS,
  encoding: ENCODINGS,
  'nothing in it': EMPTY,
  header: HEADERS,
  'column names': HEADER_NAMES,
  kind: KINDS,
  dialect: DIALECTS,
  quotes: QUOTES,
  'ragged rows': RAGGED,
  answers: ANSWERS,
  dates: DATES,
  ids: IDS,
  texts: TEXTS_KEPT,
  'names of departments': DEPARTMENT_NAMES,
  responses: RESPONSES,
  limits: LIMITS_PASSED,
  modes: MODES,
  'employee rosters': ROSTERS,
  'department rosters': DEPARTMENT_ROSTERS,
};
