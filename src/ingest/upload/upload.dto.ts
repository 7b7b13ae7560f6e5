import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AccessScope } from '../../domain/access/access.js';
import {
  isUndoable,
  type UploadUndo,
  UPLOAD_STAGES,
  UPLOAD_STATUSES,
  type UploadRecord,
  type UploadStage,
  type UploadStatus,
  type UploadReport,
} from '../../domain/uploads/upload.js';
import { UPLOAD_KINDS, type UploadKind } from '../../domain/csv/file-options.js';
import { API_PREFIX } from '../../platform/http/api-prefix.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import type { AlertType } from '../../domain/alerts/alert.js';
import type { AlertBody } from '../../domain/alerts/alert-message.js';
import type { AlertPreview } from '../../domain/alerts/alert-preview.js';
import { NO_PROGRESS } from '../../domain/uploads/upload-progress.js';
import type { ColumnUse } from '../../domain/csv/header.js';
import { DELIMITERS, LINE_ENDS, type Delimiter, type LineEnds } from '../../domain/csv/dialect.js';

class ImportIssueDto {
  @ApiProperty({ example: 'invalid_answer', description: 'Stable; match on this one.' }) code!: string;
  @ApiProperty({ example: 'The answer is not a whole number on the scale of the survey.' }) message!: string;
  @ApiPropertyOptional({ example: 17, description: 'Physical line of the file: where the record starts.' })
  line?: number;
  @ApiPropertyOptional({ example: 'Q3_Tools' }) column?: string;
  @ApiPropertyOptional({
    example: '6',
    maxLength: 80,
    description: 'The offending cell, cut; absent where it is blank.',
  })
  value?: string;
}

/** The dialect of a file. */
class DialectDto {
  @ApiProperty({ enum: ['utf-8'] }) encoding!: 'utf-8';
  @ApiProperty({ example: false, description: 'Whether the file begins with a byte order mark.' })
  bom!: boolean;
  @ApiProperty({ enum: DELIMITERS, example: ',' }) delimiter!: Delimiter;
  @ApiProperty({ enum: LINE_ENDS, example: 'lf' }) line_ends!: LineEnds;
}

/** The field that a column was read as. */
class ColumnUseDto {
  @ApiProperty({ example: 'Employee ID', description: 'The name in the file.' }) column!: string;
  @ApiProperty({ example: 'employee_id', description: 'A field, or a question like `Q3`.' }) field!: string;
}

/** The part of an upload's report that describes the file. */
class FileDetailsDto {
  @ApiProperty({ example: 398, description: 'Neither rejected nor a duplicate.' }) rows_valid!: number;
  @ApiProperty({ type: DialectDto, nullable: true, description: 'Null where the file is not UTF-8 text.' })
  dialect!: DialectDto | null;
  @ApiProperty({ type: [ColumnUseDto], description: 'The fields that columns were read as; 200 at most.' })
  columns!: readonly ColumnUse[];
  @ApiProperty({
    type: [String],
    example: ['shoe_size'],
    description: 'Columns that were not read; 200 at most.',
  })
  ignored_columns!: readonly string[];
  @ApiProperty({ example: 2, description: 'A row can have several.' }) errors_total!: number;
  @ApiProperty({
    example: '/api/v1/uploads/01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e/errors.csv',
    description: 'All errors, as a CSV.',
  })
  errors_url!: string;
}

/** {@link FileDetailsDto} of an upload. */
function fileDetailsOf(uploadId: string, report: UploadReport): Pick<FileDetailsDto, keyof FileDetailsDto> {
  const { dialect } = report;
  return {
    rows_valid: report.rowsValid,
    dialect: dialect && {
      encoding: 'utf-8',
      bom: dialect.hasBom,
      delimiter: dialect.delimiter,
      line_ends: dialect.lineEnds,
    },
    columns: report.columns,
    ignored_columns: report.ignoredColumns,
    errors_total: report.errorsTotal,
    errors_url: `/${API_PREFIX}/uploads/${uploadId}/errors.csv`,
  };
}

/** The progress of an upload in bytes, rows and seconds. */
class UploadProgressDto {
  @ApiProperty({
    enum: UPLOAD_STAGES,
    example: 'writing',
    description: 'A dry run is `previewing` instead of `writing`; `evaluating` rolls up departments too.',
  })
  stage!: UploadStage;
  @ApiProperty({ example: 48_213, description: 'Of the first pass over the file, which checks it.' })
  bytes_read!: number;
  @ApiProperty({ example: 48_213 }) bytes_total!: number;
  @ApiProperty({ example: 400 }) rows_read!: number;
  @ApiProperty({ example: 200 }) rows_written!: number;
  @ApiProperty({
    example: 398,
    nullable: true,
    type: Number,
    description: 'The rows to be written; null until the whole file was checked.',
  })
  rows_total!: number | null;
  @ApiProperty({
    example: 12,
    nullable: true,
    type: Number,
    description: 'Until the end, by the rate of the current stage. Null: not known, or nothing remains.',
  })
  seconds_remaining!: number | null;

  static of({ stage, bytes, detail = NO_PROGRESS }: UploadRecord): UploadProgressDto {
    return {
      stage,
      bytes_read: detail.bytesRead,
      bytes_total: bytes,
      rows_read: detail.rowsRead,
      rows_written: detail.rowsWritten,
      rows_total: detail.rowsTotal,
      seconds_remaining: detail.secondsRemaining,
    };
  }
}

class AlertBodyDto {
  @ApiProperty({ enum: ['employee_stress', 'department_critical', 'alert_cleared'] })
  type!: AlertBody['type'];
  @ApiProperty({ type: 'object', additionalProperties: true, description: '`data` of the alert message.' })
  data!: AlertBody['data'];
}

/** The alerts that an import would raise and clear, by a dry run. */
class AlertPreviewDto {
  @ApiProperty({ example: 43 }) alerts_raised!: number;
  @ApiProperty({ example: 2 }) alerts_cleared!: number;
  @ApiProperty({ type: [AlertBodyDto], description: 'The first 100, as messages without id and timestamp.' })
  alerts!: readonly AlertBodyDto[];

  /** The counts, and the alerts that are within the scope. */
  static of({ alertsRaised, alertsCleared, alerts }: AlertPreview, scope: AccessScope): AlertPreviewDto {
    const seen = alerts.filter((body) => scope.seesAlert(subjectOf(body)));
    return { alerts_raised: alertsRaised, alerts_cleared: alertsCleared, alerts: seen };
  }
}

/** A cleared alert of a preview names no department: it is within a scope of all departments only. */
function subjectOf(body: AlertBody): { alert: AlertType; department: string } {
  switch (body.type) {
    case 'employee_stress':
      return { alert: body.type, department: body.data.department };
    case 'department_critical':
      return { alert: body.type, department: body.data.department_name };
    case 'alert_cleared':
      return { alert: body.data.alert, department: '' };
  }
}

/** The path of the status of an upload. */
export function statusUrlOf(id: string): string {
  return `/${API_PREFIX}/upload/status/${id}`;
}

export class UploadAcceptedDto {
  @ApiProperty({ format: 'uuid', example: '01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e' }) task_id!: string;
  @ApiProperty({ example: 'The file was accepted. Read its status to see when it is imported.' })
  message!: string;
  @ApiProperty({ example: '/api/v1/upload/status/01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e' }) status_url!: string;
}

export class UploadResultDto extends FileDetailsDto {
  @ApiProperty({ enum: UPLOAD_KINDS, nullable: true, type: String, example: 'survey' })
  kind!: UploadKind | null;
  @ApiProperty({ example: 400, description: 'Rows after the header, blank ones not counted.' })
  rows_read!: number;
  @ApiProperty({ example: 398 }) rows_written!: number;
  @ApiProperty({ example: 2 }) rows_rejected!: number;
  @ApiProperty({ example: 0, description: 'Rows that are identical to another row of the file.' })
  rows_duplicate!: number;
  @ApiProperty({ example: 0 }) rows_blank!: number;
  @ApiProperty({ example: 43 }) alerts_raised!: number;
  @ApiProperty({ example: 0 }) alerts_cleared!: number;
  @ApiProperty({ type: [ImportIssueDto] }) warnings!: readonly ImportIssue[];
  @ApiProperty({ type: [ImportIssueDto], description: 'The first 100 by line; `errors_url` has all.' })
  errors!: readonly ImportIssue[];
  @ApiPropertyOptional({ type: AlertPreviewDto, description: 'Of a dry run of a file that can be written.' })
  preview?: AlertPreviewDto;
}

/** What an undo has changed so far, or in all. */
export class UploadUndoDto {
  @ApiProperty({ example: 400 }) responses_removed!: number;
  @ApiProperty({ example: 12, description: 'Employees whose scores now come from another response.' })
  employees_changed!: number;
  @ApiProperty({ example: 388, description: 'Employees of whom nothing else was stored.' })
  employees_removed!: number;
  @ApiProperty({ example: 0 }) alerts_raised!: number;
  @ApiProperty({ example: 43 }) alerts_cleared!: number;
  @ApiProperty({ nullable: true, type: String, example: null, description: 'The stable code of a failure.' })
  code!: string | null;
}

/** The state and the result of an upload. */
export class UploadStatusDto {
  @ApiProperty({ format: 'uuid' }) task_id!: string;
  @ApiProperty({ enum: UPLOAD_STATUSES, example: 'completed' }) status!: UploadStatus;
  @ApiProperty({ enum: UPLOAD_STAGES, example: 'finished' }) stage!: UploadStage;
  @ApiProperty({ example: 100, minimum: 0, maximum: 100, description: 'Of the import, or of the undo.' })
  progress!: number;
  @ApiProperty({ type: UploadProgressDto }) progress_detail!: UploadProgressDto;
  @ApiProperty({
    example: '400 row(s) read, 398 written, 2 rejected, 0 duplicate; 43 alert(s) raised, 0 cleared.',
  })
  message!: string;
  @ApiProperty({ nullable: true, type: String, example: null, description: 'The stable code of a failure.' })
  code!: string | null;
  @ApiProperty({ format: 'date-time' }) accepted_at!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) finished_at!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    example: 'portal-backend',
    description: 'The subject of the caller.',
  })
  uploaded_by!: string | null;
  @ApiProperty({ example: 48_213 }) bytes!: number;
  @ApiProperty({ type: UploadResultDto, nullable: true, description: 'Null until it has finished.' })
  result!: UploadResultDto | null;
  @ApiProperty({ example: true, description: 'Whether `POST /uploads/{id}/undo` would undo it.' })
  can_undo!: boolean;
  @ApiProperty({ format: 'date-time', nullable: true, type: String, description: 'When it was undone.' })
  undone_at!: string | null;
  @ApiProperty({ type: UploadUndoDto, nullable: true, description: 'Null unless an undo was requested.' })
  undo!: UploadUndoDto | null;

  /** The part of an upload that is within the scope. */
  static of(record: UploadRecord, scope: AccessScope): UploadStatusDto {
    const isFinished = record.status === 'completed' || record.status === 'failed';
    return {
      task_id: record.id,
      status: record.status,
      stage: record.stage,
      progress: record.progress,
      progress_detail: UploadProgressDto.of(record),
      message: record.message,
      code: record.code ?? null,
      accepted_at: record.acceptedAt,
      finished_at: record.finishedAt ?? null,
      uploaded_by: record.uploadedBy ?? null,
      bytes: record.bytes,
      result: isFinished ? resultOf(record, scope) : null,
      can_undo: isUndoable(record),
      undone_at: record.undo?.undoneAt ?? null,
      undo: record.undo ? undoOf(record.undo) : null,
    };
  }
}

export class UploadListDto {
  @ApiProperty({ type: [UploadStatusDto] }) items!: UploadStatusDto[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
}

function undoOf({ report, code }: UploadUndo): UploadUndoDto {
  return {
    responses_removed: report.responsesRemoved,
    employees_changed: report.employeesChanged,
    employees_removed: report.employeesRemoved,
    alerts_raised: report.alertsRaised,
    alerts_cleared: report.alertsCleared,
    code: code ?? null,
  };
}

function resultOf({ id, report }: UploadRecord, scope: AccessScope): UploadResultDto {
  return {
    ...fileDetailsOf(id, report),
    kind: report.kind,
    rows_read: report.rowsRead,
    rows_written: report.rowsWritten,
    rows_rejected: report.rowsRejected,
    rows_duplicate: report.rowsDuplicate,
    rows_blank: report.rowsBlank,
    alerts_raised: report.alertsRaised,
    alerts_cleared: report.alertsCleared,
    warnings: report.warnings,
    errors: report.errors,
    ...(report.preview ? { preview: AlertPreviewDto.of(report.preview, scope) } : {}),
  };
}
