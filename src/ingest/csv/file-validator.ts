import { Inject, Injectable } from '@nestjs/common';
import { merge } from '../../lib/async-iterables.js';
import { Config } from '../../config/config.js';
import { columnUses, detectKind, headerIssue, mapHeader, type HeaderMap } from '../../domain/csv/header.js';
import { WARNINGS, type ImportIssue, excerpt } from '../../domain/csv/import-issue.js';
import { departmentReader, employeeReader } from '../../domain/csv/roster-readers.js';
import type { CsvRecord } from '../../domain/csv/row-reading.js';
import { surveyReader } from '../../domain/csv/survey-reader.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { scoredQuestions } from '../../domain/surveys/questionnaire.js';
import type { UploadOptions } from '../../domain/uploads/upload.js';
import type { UploadKind } from '../../domain/csv/file-options.js';
import type { ImportReady } from './import-ready.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { FindingStore } from '../../storage/ports/finding.store.js';
import { readCsv } from './csv-reader.js';
import { FileError } from './file-error.js';
import { ValidationReport } from './validation-report.js';
import { Findings } from './findings.js';
import { conflictIn, idFieldOf, type RowRules } from './row-validator.js';
import { acceptedRows, validateRows, type OnChecked, type RowVerdicts } from './row-passes.js';

/** Rows per batch of the sync. */
const BATCH = 1_000;
/** Warnings in a report, at most. */
const SHOWN_WARNINGS = 100;
/** A file with one of these faults has no dialect to report. */
const NOT_UTF8: readonly string[] = ['utf16', 'latin1', 'not_utf8'];

export interface ValidatedFile {
  readonly kind: UploadKind;
  readonly verdicts: RowVerdicts;
  /** The valid rows, for the sync. */
  readonly ready: ImportReady;
}

/** The parameters of one validation. */
interface Validation {
  readonly uploadId: string;
  readonly path: string;
  readonly options: UploadOptions;
  readonly inspection: ValidationReport;
  readonly checked: OnChecked | undefined;
}

/** Validates a spooled file as a whole, before anything of it is written. */
@Injectable()
export class FileValidator {
  constructor(
    private readonly config: Config,
    private readonly lifecycle: Lifecycle,
    @Inject(FindingStore) private readonly findings: FindingStore,
  ) {}

  /** The report that {@link validate} fills for the file of an upload. */
  inspectionOf(uploadId: string): ValidationReport {
    return new ValidationReport(new Findings(this.findings, uploadId));
  }

  /**
   * Validates a file. Dates more than a day after `acceptedAt` (milliseconds) are in the future. `checked` is called as the
   * first pass proceeds. Afterwards, also after a FileError, `inspection` holds the findings, and all of them are stored.
   * Throws FileError, StorageError, and an abort when a stop's grace ends; so does reading the rows later.
   */
  async validate(
    uploadId: string,
    path: string,
    options: UploadOptions,
    acceptedAt: number,
    inspection: ValidationReport,
    checked?: OnChecked,
  ): Promise<ValidatedFile> {
    const { findings } = inspection;
    await findings.restart();
    try {
      const file = await this.read({ uploadId, path, options, inspection, checked }, acceptedAt);
      await findings.flush();
      return file;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (NOT_UTF8.includes(error.code)) inspection.forgetDialect();
      await findings.add(error.issues);
      await findings.flush();
      throw error;
    }
  }

  private async read(validation: Validation, acceptedAt: number): Promise<ValidatedFile> {
    const { uploadId, options } = validation;
    const header = await this.readHeader(validation);
    const { instrument, upload } = this.config;
    const { maxCellCharacters } = upload;
    const kind = options.kind ?? detectKind(header.cells);
    switch (kind) {
      case undefined:
        throw new FileError('unknown_header', header.line);
      case 'survey': {
        const map = this.mapColumns('survey', header, validation);
        const { dateFormat } = options;
        const reader = surveyReader(map, { instrument, dateFormat, maxCellCharacters, now: acceptedAt });
        const pass = await this.firstPass(validation, {
          reader,
          idOf: (row) => row.responseId,
          conflict: (record, code) => conflictIn(map, record, code, idFieldOf(map, record)),
        });
        const questionNames = new Map(map.questions.map(({ number, name }) => [number, name]));
        const { verdicts, batches } = pass;
        return { kind, verdicts, ready: { kind, syncId: uploadId, questionNames, batches } };
      }
      case 'employees': {
        const map = this.mapColumns('employees', header, validation);
        const reader = employeeReader(map, maxCellCharacters);
        const pass = await this.firstPass(validation, {
          reader,
          idOf: (row) => row.employeeId,
          conflict: (record, code) => conflictIn(map, record, code, 'employee_id'),
        });
        const { verdicts, batches } = pass;
        return { kind, verdicts, ready: { kind, syncId: uploadId, batches } };
      }
      case 'departments': {
        const map = this.mapColumns('departments', header, validation);
        const reader = departmentReader(map, maxCellCharacters);
        const pass = await this.firstPass(validation, {
          reader,
          idOf: (row) => row.departmentId,
          nameOf: (row) => foldDepartmentName(row.departmentName),
          conflict: (record, code) =>
            conflictIn(map, record, code, code === 'conflicting_name' ? 'department_name' : 'department_id'),
        });
        const { verdicts, batches } = pass;
        return { kind, verdicts, ready: { kind, syncId: uploadId, batches } };
      }
    }
  }

  private async firstPass<Row>(
    { path, options, inspection, checked }: Validation,
    rules: RowRules<Row>,
  ): Promise<{ verdicts: RowVerdicts; batches: () => AsyncIterable<Row[]> }> {
    const { maxRows, maxRecordCharacters } = this.config.upload;
    const source = { path, maxRecordCharacters, signal: this.lifecycle.halting };
    const limits = { maxRows, maxErrors: options.maxErrors, onChecked: checked };
    const verdicts = await validateRows(source, rules, limits, inspection);
    // A batch is read from the file while the one before it is written.
    return { verdicts, batches: () => merge([acceptedRows(source, rules.reader, verdicts.skipped, BATCH)]) };
  }

  private async readHeader({ path, inspection }: Validation): Promise<CsvRecord> {
    const { maxColumns, maxRecordCharacters, maxHeaderCharacters } = this.config.upload;
    const dialect = inspection.observe();
    for await (const [header] of readCsv(path, { maxRecordCharacters, dialect })) {
      if (!header) continue;
      const { cells, line } = header;
      if (cells.length > maxColumns) throw new FileError('too_many_columns', line);
      const long = cells.filter((name) => name.trim().length > maxHeaderCharacters);
      if (long.length > 0)
        throw new FileError(
          'header_too_long',
          long.map((name) => headerIssue('header_too_long', line, name, name)),
        );
      return header;
    }
    inspection.forgetDialect();
    throw new FileError('empty_file');
  }

  private mapColumns<Kind extends UploadKind>(
    kind: Kind,
    { cells, line }: CsvRecord,
    { inspection }: Validation,
  ): HeaderMap<Kind> {
    const mapped = mapHeader(kind, cells, this.config.instrument.requiredQuestions, line);
    if ('map' in mapped) {
      const { map } = mapped;
      const warnings = this.warningsFor(map, line).slice(0, SHOWN_WARNINGS);
      inspection.setHeader({ kind, warnings, columns: columnUses(map), ignored: map.ignored.map(excerpt) });
      return map;
    }
    const [first] = mapped.errors;
    const code =
      first?.code === 'duplicate_header' || first?.code === 'empty_header' ? first.code : 'missing_column';
    throw new FileError(code, mapped.errors);
  }

  private warningsFor(map: Pick<HeaderMap, 'kind' | 'questions' | 'ignored'>, line: number): ImportIssue[] {
    const warning = (code: keyof typeof WARNINGS, column: string): ImportIssue => ({
      code,
      message: WARNINGS[code],
      line,
      column: excerpt(column),
    });
    const present = new Set(map.questions.map(({ number }) => number));
    const missing =
      map.kind === 'survey' ? scoredQuestions(this.config.instrument).filter((n) => !present.has(n)) : [];
    return [
      ...missing.map((number) => warning('question_missing', `Q${number}`)),
      ...map.ignored.map((name) => warning('column_ignored', name)),
    ];
  }
}
