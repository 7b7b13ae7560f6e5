import { ApiProperty } from '@nestjs/swagger';
import type { AccessScope } from '../domain/access-scope.js';
import type { AlertType } from '../domain/alerts/alert.js';
import type { AlertBody } from '../domain/alert-body.js';
import type { AlertPreview } from '../domain/alerts/alert-preview.js';
import { NO_PROGRESS } from '../domain/uploads/upload-progress.js';
import { UPLOAD_STAGES, type UploadRecord, type UploadStage } from '../domain/uploads/upload.js';

/** How far an upload is, in bytes, rows and seconds. */
export class UploadProgressDto {
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

/** What a dry run says would become of the alerts. */
export class AlertPreviewDto {
  @ApiProperty({ example: 43 }) alerts_raised!: number;
  @ApiProperty({ example: 2 }) alerts_cleared!: number;
  @ApiProperty({ type: [AlertBodyDto], description: 'The first 100, as messages without id and timestamp.' })
  alerts!: readonly AlertBodyDto[];

  /** The counts, and those of the alerts that somebody with this scope may see. */
  static of({ alertsRaised, alertsCleared, alerts }: AlertPreview, scope: AccessScope): AlertPreviewDto {
    const seen = alerts.filter((body) => scope.seesAlert(subjectOf(body)));
    return { alerts_raised: alertsRaised, alerts_cleared: alertsCleared, alerts: seen };
  }
}

/** A cleared alert of a preview does not say in which department: only who sees all of them sees it. */
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
