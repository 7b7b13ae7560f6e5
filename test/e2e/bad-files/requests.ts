import { gzipSync } from 'node:zlib';
import type { BadFile } from './bad-file.js';
import { company, person, row, survey } from './survey-file.js';

const NOT_CSV = { refused: 415, code: 'not_csv' } as const;
const GOOD = survey(row('E1'));
const bytes = (...start: readonly number[]) => Buffer.concat([Buffer.from(start), Buffer.from(GOOD)]);

/** Files that the first bytes, or the part that they come in, show to be no CSV. */
export const REQUESTS: readonly BadFile[] = [
  { that: 'is a zip archive', file: bytes(0x50, 0x4b, 0x03, 0x04), gives: NOT_CSV },
  {
    that: 'is a workbook',
    file: `PK\u0003\u0004\u0014[Content_Types].xml`,
    name: 'survey.csv',
    gives: NOT_CSV,
  },
  { that: 'is an empty zip archive', file: bytes(0x50, 0x4b, 0x05, 0x06), gives: NOT_CSV },
  { that: 'is an old workbook', file: bytes(0xd0, 0xcf, 0x11, 0xe0), gives: NOT_CSV },
  { that: 'is a survey in gzip', file: Buffer.from(gzipSync(GOOD)), gives: NOT_CSV },
  { that: 'is a PDF', file: '%PDF-1.7 rest', gives: NOT_CSV },
  { that: 'is a PNG', file: bytes(0x89, 0x50, 0x4e, 0x47), gives: NOT_CSV },
  { that: 'is a JPEG', file: bytes(0xff, 0xd8, 0xff), gives: NOT_CSV },
  { that: 'is a GIF', file: 'GIF89a', gives: NOT_CSV },
  { that: 'comes as a picture', file: GOOD, type: 'image/png', gives: NOT_CSV },
  { that: 'comes as JSON', file: GOOD, type: 'application/json', gives: NOT_CSV },
  {
    that: 'comes as a workbook',
    file: GOOD,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    gives: NOT_CSV,
  },
  ...['text/plain', 'application/vnd.ms-excel', 'application/octet-stream'].map((type) => ({
    that: `is a CSV and comes as ${type}`,
    file: GOOD,
    type,
    gives: { leaves: company(person('E1')) },
  })),
  {
    that: 'comes with an unknown field',
    file: GOOD,
    fields: { nope: '1' },
    gives: { refused: 400, code: 'validation_failed' },
  },
  {
    that: 'comes with an unknown kind',
    file: GOOD,
    fields: { kind: 'people' },
    gives: { refused: 400, code: 'validation_failed' },
  },
  ...[
    '../../x.csv',
    '/etc/x.csv',
    '..\\..\\x.csv',
    `${'n'.repeat(300)}.csv`,
    'naïve 人.csv',
    'CON',
    'x.xlsx',
    '=cmd.csv',
  ].map((name) => ({
    that: `has the name ${name.slice(0, 20)}`,
    file: GOOD,
    name,
    gives: { leaves: company(person('E1')) },
  })),
];
