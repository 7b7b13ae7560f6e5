import { fails, type BadFile } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

const UTF16 = survey(row('E1'), row('E2', { department: 'Größe 人' }));
const le = (text: string) => Buffer.from(text, 'utf16le');
const be = (text: string) => le(text).swap16();

/** The third line of a file, of which the second is good, in bytes that are written as Latin-1. */
const thirdLine = (department: string) => Buffer.from(survey(row('E1'), row('E2', { department })), 'latin1');
const atLine3 = (code: string) => fails(code, [code, 3]);

const NAMES = ['Größe', '人事', 'Zoë 😀', 'École'];

/** Files in bytes that are not UTF-8, or only nearly. */
export const ENCODINGS: readonly BadFile[] = [
  {
    that: 'is UTF-16 LE with a byte order mark',
    file: le(`\ufeff${UTF16}`),
    gives: fails('utf16', ['utf16']),
  },
  {
    that: 'is UTF-16 BE with a byte order mark',
    file: be(`\ufeff${UTF16}`),
    gives: fails('utf16', ['utf16']),
  },
  { that: 'is UTF-16 LE without a mark', file: le(UTF16), gives: fails('utf16', ['utf16']) },
  { that: 'is UTF-16 BE without a mark', file: be(UTF16), gives: fails('utf16', ['utf16']) },
  { that: 'is Latin-1', file: thirdLine('Müller'), gives: atLine3('latin1') },
  {
    that: 'is Latin-1 with two such letters side by side',
    file: thirdLine('Größe'),
    gives: atLine3('latin1'),
  },
  { that: 'is Windows-1252 with curly quotes', file: thirdLine('a \x93b\x94'), gives: atLine3('latin1') },
  {
    that: 'is Latin-1 in its header',
    file: Buffer.from(`${HEADER},Büro\n${row('E1')},\n`, 'latin1'),
    gives: fails('latin1', ['latin1', 1]),
  },
  {
    that: 'is Latin-1 with lines that end in CR',
    file: Buffer.from(
      survey(row('E1'), row('E2', { department: 'Müller' })).replaceAll('\n', '\r'),
      'latin1',
    ),
    gives: atLine3('latin1'),
  },
  { that: 'has overlong UTF-8', file: thirdLine('a\xc0\xafb'), gives: atLine3('not_utf8') },
  {
    that: 'has overlong UTF-8 of three bytes',
    file: thirdLine('a\xe0\x80\xafb'),
    gives: atLine3('not_utf8'),
  },
  {
    that: 'has half a surrogate pair in UTF-8',
    file: thirdLine('a\xed\xa0\x80b'),
    gives: atLine3('not_utf8'),
  },
  { that: 'goes beyond Unicode', file: thirdLine('a\xf4\x90\x80\x80b'), gives: atLine3('not_utf8') },
  {
    that: 'is cut in the middle of a character',
    file: Buffer.concat([Buffer.from(survey(row('E1'))), Buffer.from([0x45, 0xe2, 0x82])]),
    gives: atLine3('not_utf8'),
  },
  {
    that: 'has one broken character among good ones',
    file: Buffer.concat([Buffer.from(survey(row('E1', { department: 'Größe' }))), Buffer.from([0xff, 0x0a])]),
    gives: atLine3('not_utf8'),
  },
  {
    that: 'has a broken character after one that stands for broken ones',
    file: Buffer.concat([
      Buffer.from(survey(row('E1', { department: 'a\ufffd' }))),
      Buffer.from([0xff, 0x0a]),
    ]),
    gives: atLine3('not_utf8'),
  },
  { that: 'has a NUL', file: survey(row('E1'), row('E\0')), gives: atLine3('nul_byte') },
  {
    that: 'has a NUL, and lines that end in CR',
    file: survey(row('E1'), row('E\0')).replaceAll('\n', '\r'),
    gives: atLine3('nul_byte'),
  },
  {
    that: 'has a NUL, and lines that end in CRLF',
    file: survey(row('E1'), row('E\0')).replaceAll('\n', '\r\n'),
    gives: atLine3('nul_byte'),
  },
  { that: 'is nothing but NULs', file: Buffer.alloc(100), gives: fails('nul_byte', ['nul_byte', 1]) },
  {
    that: 'has a byte order mark and letters of any script',
    file: `\ufeff${survey(...NAMES.map((department, index) => row(`E${index}`, { department })))}`,
    gives: {
      report: { dialect: { encoding: 'utf-8', bom: true, delimiter: ',', line_ends: 'lf' } },
      leaves: {
        ...company(...NAMES.map((department, index) => person(`E${index}`, { department }))),
        departments: [
          { department_id: 'dept-große', department_name: 'Größe' },
          { department_id: 'dept-人事', department_name: '人事' },
          { department_id: 'dept-zoe', department_name: 'Zoë 😀' },
          { department_id: 'dept-ecole', department_name: 'École' },
        ],
      },
    },
  },
  {
    that: 'has two byte order marks',
    file: `\ufeff\ufeff${survey(row('E1'))}`,
    gives: { leaves: company(person('E1')) },
  },
];
