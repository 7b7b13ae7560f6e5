// Byte strings that might be uploaded: files as people export them, damaged in the ways in which files get damaged.

const QUESTIONS = Array.from({ length: 15 }, (_, n) => `Q${n + 1}`);
const DEPARTMENTS = ['Sales', 'Legal', 'R&D', 'Größe', '', '人事', '=HR', 'a'.repeat(300)];

/** What turns up in cells, and must neither break the reader nor be changed by it. */
const TOKENS = [
  '"', '""', '"a"b"', ',', ';', '\t', '\n', '\r', '\r\n', '\0', '\ufeff', '\u202e', '\u200b', '\u2028', "'", '\\',
  '0', '6', '-1', '3.5', '4.0', '1e0', '٣', 'NaN', 'Agree', 'null', 'true', '1.23E+05', '007', '45000', '99999999999999999999',
  '2024-02-30', '31/01/2024', '01/02/2024', '2999-01-01', '2025-03-01T10:00:00Z', '2025-03-01T25:61:00', '0000-00-00',
  "=cmd|'/c calc'!A1", '+1', '-1+1', '@SUM(A1)', '<script>alert(1)</script>', '__proto__', 'constructor', 'toString',
  'Q1', 'employee_id', 'x'.repeat(3_000), '😀', 'e\u0301', '%00', '../../etc/passwd', ' ', '   ',
]; // prettier-ignore

const date = (random) => `2025-0${random.whole(1, 9)}-${String(random.whole(1, 28)).padStart(2, '0')}`;

/** A file without a fault. */
function validTable(random) {
  const kind = random.pick(['survey', 'survey', 'survey', 'employees', 'departments']);
  // Some are longer than what is read of a file at once.
  const rows = random.chance(0.01) ? random.whole(1_000, 1_600) : random.whole(0, 30);
  const table = (header, row) => [header, ...Array.from({ length: rows }, (_, n) => row(n))];
  if (kind === 'departments')
    return table(['department_id', 'department_name'], (n) => [
      `D${n % 60}`,
      // Now and then a department in which people are.
      random.pick(DEPARTMENTS) + (random.chance(0.8) ? String(n) : ''),
    ]);
  const employee = () => `F${random.whole(1, 40)}`;
  if (kind === 'employees')
    return table(['Employee_ID', 'name', 'division', 'position'], () => [
      employee(),
      'Ada',
      random.pick(DEPARTMENTS),
      'Analyst',
    ]);
  const answers = () => QUESTIONS.map(() => (random.chance(0.1) ? '' : String(random.whole(1, 5))));
  return table(['employee_id', 'submission_date', 'department', ...QUESTIONS], () => [
    employee(),
    date(random),
    random.pick(DEPARTMENTS),
    ...answers(),
  ]);
}

function damageTable(random, table) {
  for (let times = random.whole(0, 4); times > 0; times -= 1) {
    const row = random.pick(table);
    const at = random.whole(0, row.length - 1);
    const damage = random.whole(0, 5);
    if (damage < 3) row[at] = random.pick(TOKENS);
    else if (damage === 3) row.splice(at, 1);
    else if (damage === 4) row.splice(at, 0, random.pick(TOKENS));
    else table.push([...row]);
    if (row.length === 0) row.push('');
  }
  return table;
}

function write(random, table) {
  const delimiter = random.pick([',', ',', ';', '\t']);
  const quotes = random.pick(['needed', 'needed', 'always', 'never']);
  const cell = (text) =>
    quotes === 'always' ||
    (quotes === 'needed' && /["\n\r]/.test(text + (text.includes(delimiter) ? '"' : '')))
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const end = () => random.pick(random.chance(0.1) ? ['\n', '\r\n', '\r'] : [lineEnd]);
  const lineEnd = random.pick(['\n', '\r\n', '\r']);
  const lines = table.map((row) => row.map(cell).join(delimiter) + end());
  return (random.chance(0.2) ? '\ufeff' : '') + lines.join('').slice(0, random.chance(0.3) ? -1 : undefined);
}

function encode(random, text) {
  const encoding = random.whole(0, 19);
  if (encoding === 0) return Buffer.from(text, 'latin1');
  if (encoding === 1) return Buffer.from(text, 'utf16le');
  return Buffer.from(text, 'utf8');
}

const BYTES = [
  [0xff],
  [0xc0, 0xaf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0],
  [0x1f, 0x8b],
  [0x22],
  [0x0d],
  [0xef, 0xbb, 0xbf],
];

/** What begins files that are no CSV. */
const SIGNATURES = [
  'PK\x03\x04',
  'PK\x05\x06',
  '\x1f\x8b',
  '%PDF-',
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  '\xd0\xcf\x11\xe0',
];

function damageBytes(random, bytes) {
  let result = random.chance(0.03)
    ? Buffer.concat([Buffer.from(random.pick(SIGNATURES), 'latin1'), bytes])
    : bytes;
  for (let times = random.whole(0, 3); times > 0; times -= 1) {
    const at = random.whole(0, result.length);
    const to = Math.min(result.length, at + random.whole(0, 40));
    const [before, middle, after] = [result.subarray(0, at), result.subarray(at, to), result.subarray(to)];
    const parts = [
      () => [before, after],
      () => [before],
      () => [before, middle, middle, after],
      () => [before, Buffer.from(random.pick(BYTES)), after],
      () => [before, Buffer.from([random.whole(0, 255)]), middle, after],
      () => [after, middle, before],
    ];
    result = Buffer.concat(random.pick(parts)());
  }
  return result;
}

const NAMES = ['../../x.csv', 'n'.repeat(300), 'ü.csv', 'a b;c".csv', 'x.xlsx', '__proto__'];
const TYPES = [
  'text/plain',
  'application/vnd.ms-excel',
  'application/octet-stream',
  'image/png',
  'application/json',
];

/** The bytes of one file, its name and type, and the form fields beside it. */
export function randomInput(random) {
  const bytes = random.chance(0.03)
    ? Buffer.from(Array.from({ length: random.whole(0, 300) }, () => random.whole(0, 255)))
    : encode(random, write(random, damageTable(random, validTable(random))));
  return {
    bytes: random.chance(0.5) ? damageBytes(random, bytes) : bytes,
    name: random.chance(0.1) ? random.pick(NAMES) : 'fuzz.csv',
    type: random.chance(0.1) ? random.pick(TYPES) : 'text/csv',
    fields: {
      ...(random.chance(0.1) ? { mode: 'strict' } : {}),
      ...(random.chance(0.1) ? { dry_run: 'true' } : {}),
      ...(random.chance(0.1) ? { kind: random.pick(['survey', 'employees', 'departments']) } : {}),
      ...(random.chance(0.1) ? { date_format: random.pick(['DMY', 'MDY']) } : {}),
      ...(random.chance(0.1) ? { max_errors: random.pick(['1', '2', '5', '0', 'x']) } : {}),
    },
  };
}
