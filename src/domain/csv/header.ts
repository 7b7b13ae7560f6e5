import type { UploadKind } from './file-options.js';
import { excerpt, type ImportIssue, FILE_ERRORS } from './import-issue.js';

/** A header name in lower case, without blanks, `_` and `-`. */
export function normaliseHeader(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/gu, '');
}

const QUESTION = /^[\s_-]*q[\s_-]*0*(\d{1,3})(?:$|[\s_-]|[^\d\s_-])/i;

/** The number of a question column (`Q7`, `Q7_Culture`), 1–999; undefined for other columns. */
export function questionNumber(name: string): number | undefined {
  const digits = QUESTION.exec(name)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** The fields of each kind of file, with their accepted column names in normalised form. */
export const FIELD_ALIASES = {
  survey: {
    employee_id: ['employeeid', 'mployeeid'],
    submission_date: ['submissiondate'],
    department: ['department', 'division'],
    response_id: ['responseid'],
    location: ['location'],
    name: ['name', 'employeename'],
    position: ['position'],
  },
  employees: {
    employee_id: ['employeeid', 'mployeeid'],
    name: ['name', 'employeename'],
    position: ['position'],
    division: ['division', 'department'],
    job_grade: ['jobgrade'],
    birthdate: ['birthdate'],
    hire_date: ['hiredate'],
    gender: ['gender'],
    location: ['location'],
    employee_level: ['employeelevel'],
    union_membership: ['unionmembership'],
  },
  departments: {
    department_id: ['departmentid'],
    department_name: ['departmentname'],
  },
} as const satisfies Record<UploadKind, Record<string, readonly string[]>>;

export type FieldOf<Kind extends UploadKind> = keyof (typeof FIELD_ALIASES)[Kind];

/** The columns without which a file of the kind is refused. */
const REQUIRED: { readonly [Kind in UploadKind]: readonly FieldOf<Kind>[] } = {
  survey: ['employee_id', 'submission_date', 'department'],
  employees: ['employee_id'],
  departments: ['department_id', 'department_name'],
};

/** The columns of a file by their meaning; indexes count from 0. */
export interface HeaderMap<Kind extends UploadKind = UploadKind> {
  readonly kind: Kind;
  readonly names: readonly string[];
  readonly fields: ReadonlyMap<FieldOf<Kind>, number>;
  readonly questions: readonly { readonly number: number; readonly name: string; readonly index: number }[];
  readonly ignored: readonly string[];
}

/** Detects the kind of file from its column names; undefined if no kind matches. */
export function detectKind(names: readonly string[]): UploadKind | undefined {
  const known = new Set(names.map(normaliseHeader));
  const hasEmployee = known.has('employeeid') || known.has('mployeeid');
  if (hasEmployee || known.has('submissiondate')) {
    const isSurvey = known.has('submissiondate') || names.some((name) => questionNumber(name) !== undefined);
    return isSurvey ? 'survey' : 'employees';
  }
  if (known.has('departmentid') || known.has('departmentname')) return 'departments';
  return names.some((name) => questionNumber(name) !== undefined) ? 'survey' : undefined;
}

/**
 * Maps the columns of a file of the kind. Errors are file-level errors; with any error there is no map. `line` is the
 * physical line of the header, from 1.
 */
export function mapHeader<Kind extends UploadKind>(
  kind: Kind,
  names: readonly string[],
  requiredQuestions: readonly number[],
  line = 1,
): { readonly map: HeaderMap<Kind> } | { readonly errors: readonly ImportIssue[] } {
  const errors = checkNames(names, line);
  const aliases = new Map<string, FieldOf<Kind>>();
  for (const field of fieldsOf(kind)) for (const alias of aliasesOf(kind, field)) aliases.set(alias, field);
  const fields = new Map<FieldOf<Kind>, number>();
  const questions = new Map<number, { number: number; name: string; index: number }>();
  const ignored: string[] = [];
  names.forEach((name, index) => {
    const field = aliases.get(normaliseHeader(name));
    const number = kind === 'survey' ? questionNumber(name) : undefined;
    const taken = field === undefined ? number !== undefined && questions.has(number) : fields.has(field);
    if (taken) errors.push(headerIssue('duplicate_header', line, name, name));
    else if (field !== undefined) fields.set(field, index);
    else if (number !== undefined) questions.set(number, { number, name: name.trim(), index });
    else ignored.push(name.trim());
  });
  for (const field of REQUIRED[kind]) {
    if (!fields.has(field)) errors.push(missingColumn(String(field), line));
  }
  if (kind === 'survey') {
    for (const number of requiredQuestions)
      if (!questions.has(number)) errors.push(missingColumn(`Q${number}`, line));
  }
  if (errors.length > 0) return { errors: distinct(errors) };
  return { map: { kind, names, fields, questions: [...questions.values()], ignored } };
}

function fieldsOf<Kind extends UploadKind>(kind: Kind): FieldOf<Kind>[] {
  return Object.keys(FIELD_ALIASES[kind]) as FieldOf<Kind>[];
}

function aliasesOf<Kind extends UploadKind>(kind: Kind, field: FieldOf<Kind>): readonly string[] {
  return FIELD_ALIASES[kind][field] as readonly string[];
}

function checkNames(names: readonly string[], line: number): ImportIssue[] {
  const issues: ImportIssue[] = [];
  const seen = new Set<string>();
  names.forEach((name, index) => {
    const normalised = normaliseHeader(name);
    if (normalised === '') issues.push(headerIssue('empty_header', line, `column ${index + 1}`));
    else if (seen.has(normalised)) issues.push(headerIssue('duplicate_header', line, name, name));
    seen.add(normalised);
  });
  return issues;
}

/** A finding about the name of a column. `value` is the name, unless it is blank. */
export function headerIssue(
  code: 'duplicate_header' | 'empty_header' | 'header_too_long',
  line: number,
  column: string,
  value?: string,
): ImportIssue {
  return {
    code,
    message: FILE_ERRORS[code],
    line,
    column: excerpt(column.trim()),
    ...(value === undefined ? {} : { value: excerpt(value) }),
  };
}

function missingColumn(column: string, line: number): ImportIssue {
  return { code: 'missing_column', message: `The file has no column ${column}. Add it.`, line, column };
}

function distinct(issues: readonly ImportIssue[]): ImportIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.code}/${issue.column ?? ''}`, issue])).values()];
}

/** The use of a column: a field of the kind of file, or a question like `Q3`. */
export interface ColumnUse {
  /** The name of the column in the file. */
  readonly column: string;
  readonly field: string;
}

/** The uses of the columns that are read, in the order of the file. */
export function columnUses<Kind extends UploadKind>(map: HeaderMap<Kind>): ColumnUse[] {
  const { names, fields, questions } = map;
  return [
    ...Array.from(fields, ([field, index]) => ({ field: String(field), index })),
    ...questions.map(({ number, index }) => ({ field: `Q${number}`, index })),
  ]
    .sort((a, b) => a.index - b.index)
    .map(({ field, index }) => ({ column: excerpt((names[index] ?? '').trim()), field }));
}
