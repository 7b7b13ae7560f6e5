import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AccessScope } from '../../domain/access-scope.js';
import { isUndoable, type UploadUndo } from '../../domain/upload-undo.js';
import { API_PREFIX } from '../../platform/http/api-prefix.js';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { FileDetailsDto, fileDetailsOf, ImportIssueDto } from '../../upload/file-details.dto.js';
import {
  UPLOAD_KINDS,
  UPLOAD_STAGES,
  UPLOAD_STATUSES,
  type UploadKind,
  type UploadRecord,
  type UploadStage,
  type UploadStatus,
} from '../../domain/uploads/upload.js';
import { AlertPreviewDto, UploadProgressDto } from '../../upload/upload-progress.dto.js';

/** Where the status of an upload is. */
export function statusUrlOf(id: string): string {
  return `/${API_PREFIX}/upload/status/${id}`;
}

export class UploadAcceptedDto {
  @ApiProperty({ format: 'uuid', example: '01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e' }) task_id!: string;
  @ApiProperty({ example: 'The file was accepted. Its status tells when it is imported.' }) message!: string;
  @ApiProperty({ example: '/api/v1/upload/status/01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e' }) status_url!: string;
}

export class UploadResultDto extends FileDetailsDto {
  @ApiProperty({ enum: UPLOAD_KINDS, nullable: true, type: String, example: 'survey' })
  kind!: UploadKind | null;
  @ApiProperty({ example: 400, description: 'Rows after the header, blank ones not counted.' })
  rows_read!: number;
  @ApiProperty({ example: 398 }) rows_written!: number;
  @ApiProperty({ example: 2 }) rows_rejected!: number;
  @ApiProperty({ example: 0, description: 'Rows that repeat another row of the file to the letter.' })
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

/** An undo: what it changed so far, or in all. */
export class UploadUndoDto {
  @ApiProperty({ example: 400 }) responses_removed!: number;
  @ApiProperty({ example: 12, description: 'Employees whose scores are those of another response now.' })
  employees_changed!: number;
  @ApiProperty({ example: 388, description: 'Employees of whom nothing else was known.' })
  employees_removed!: number;
  @ApiProperty({ example: 0 }) alerts_raised!: number;
  @ApiProperty({ example: 43 }) alerts_cleared!: number;
  @ApiProperty({ nullable: true, type: String, example: null, description: 'Why it broke off; stable.' })
  code!: string | null;
}

/** An upload: where it is, and what came of it. */
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
  @ApiProperty({ nullable: true, type: String, example: null, description: 'Why it failed; stable.' })
  code!: string | null;
  @ApiProperty({ format: 'date-time' }) accepted_at!: string;
  @ApiProperty({ format: 'date-time', nullable: true, type: String }) finished_at!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    example: 'portal-backend',
    description: 'The subject who sent it.',
  })
  uploaded_by!: string | null;
  @ApiProperty({ example: 48_213 }) bytes!: number;
  @ApiProperty({ type: UploadResultDto, nullable: true, description: 'Null until it has finished.' })
  result!: UploadResultDto | null;
  @ApiProperty({ example: true, description: 'Whether `POST /uploads/{id}/undo` would take it back.' })
  can_undo!: boolean;
  @ApiProperty({ format: 'date-time', nullable: true, type: String, description: 'When it was taken back.' })
  undone_at!: string | null;
  @ApiProperty({ type: UploadUndoDto, nullable: true, description: 'Null unless an undo was asked for.' })
  undo!: UploadUndoDto | null;

  /** What somebody with this scope may see of the upload. */
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
