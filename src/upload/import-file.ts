import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { detectKind, mapHeader, type HeaderMap } from '../domain/csv/header.js';
import { WARNINGS, type ImportIssue } from '../domain/csv/import-issue.js';
import { departmentReader, employeeReader } from '../domain/csv/roster-readers.js';
import type { RowReader } from '../domain/csv/row-reading.js';
import { surveyReader } from '../domain/csv/survey-reader.js';
import { scoredQuestions } from '../domain/instrument.js';
import type { UploadKind, UploadOptions } from '../domain/upload.js';
import type { ImportReady } from '../events/domain-event-map.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { readCsv } from './csv-reader.js';
import { FileError } from './file-error.js';
import { acceptedRows, validateRows, type RowVerdicts } from './row-validation.js';

/** Rows handed on at once. */
const BATCH = 1_000;

export interface ValidatedFile {
  readonly kind: UploadKind;
  readonly warnings: readonly ImportIssue[];
  readonly verdicts: RowVerdicts;
  /** What the sync needs to write the valid rows. */
  readonly ready: ImportReady;
}

/** Validates a spooled file as a whole, before anything of it is written. */
@Injectable()
export class ImportFile {
  constructor(
    private readonly config: Config,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * `acceptedAt` (milliseconds) is what "in the future" means for this file. Throws FileError. At the end of a stop's
   * grace this and the reading of the rows break off.
   */
  async validate(
    uploadId: string,
    path: string,
    options: UploadOptions,
    acceptedAt: number,
  ): Promise<ValidatedFile> {
    const names = await this.readHeader(path);
    const kind = options.kind ?? detectKind(names);
    switch (kind) {
      case undefined:
        throw new FileError('unknown_header', 1);
      case 'survey': {
        const map = this.mapColumns('survey', names);
        const { instrument, upload } = this.config;
        const { dateFormat } = options;
        const reader = surveyReader(map, {
          instrument,
          dateFormat,
          maxCellCharacters: upload.maxCellCharacters,
          now: acceptedAt,
        });
        const { verdicts, batches } = await this.firstPass(path, reader, (row) => row.responseId);
        const questionNames = new Map(map.questions.map(({ number, name }) => [number, name]));
        const ready: ImportReady = { kind, syncId: uploadId, questionNames, batches };
        return { kind, warnings: this.warningsFor(map), verdicts, ready };
      }
      case 'employees': {
        const map = this.mapColumns('employees', names);
        const reader = employeeReader(map, this.config.upload.maxCellCharacters);
        const { verdicts, batches } = await this.firstPass(path, reader, (row) => row.employeeId);
        return {
          kind,
          warnings: this.warningsFor(map),
          verdicts,
          ready: { kind, syncId: uploadId, batches },
        };
      }
      case 'departments': {
        const map = this.mapColumns('departments', names);
        const reader = departmentReader(map, this.config.upload.maxCellCharacters);
        const { verdicts, batches } = await this.firstPass(path, reader, (row) => row.departmentId);
        return {
          kind,
          warnings: this.warningsFor(map),
          verdicts,
          ready: { kind, syncId: uploadId, batches },
        };
      }
    }
  }

  private async firstPass<Row>(
    path: string,
    reader: RowReader<Row>,
    idOf: (row: Row) => string,
  ): Promise<{ verdicts: RowVerdicts; batches: () => AsyncIterable<Row[]> }> {
    const { halting } = this.lifecycle;
    const verdicts = await validateRows(path, reader, idOf, this.config.upload.maxRows, halting);
    return { verdicts, batches: () => acceptedRows(path, reader, verdicts.skipped, BATCH, halting) };
  }

  private async readHeader(path: string): Promise<readonly string[]> {
    for await (const [header] of readCsv(path)) {
      if (!header) continue;
      if (header.cells.length > this.config.upload.maxColumns)
        throw new FileError('too_many_columns', header.line);
      return header.cells;
    }
    throw new FileError('empty_file');
  }

  private mapColumns<Kind extends UploadKind>(kind: Kind, names: readonly string[]): HeaderMap<Kind> {
    const mapped = mapHeader(kind, names, this.config.instrument.requiredQuestions);
    if ('map' in mapped) return mapped.map;
    const [first] = mapped.errors;
    const code =
      first?.code === 'duplicate_header' || first?.code === 'empty_header' ? first.code : 'missing_column';
    throw new FileError(code, mapped.errors);
  }

  private warningsFor(map: Pick<HeaderMap, 'kind' | 'questions' | 'ignored'>): ImportIssue[] {
    const warning = (code: keyof typeof WARNINGS, column: string): ImportIssue => ({
      code,
      message: WARNINGS[code],
      line: 1,
      column: column.slice(0, 80),
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
