import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, Min } from 'class-validator';
import { UPLOAD_MODES, type UploadMode, type UploadOptions } from '../../domain/uploads/upload.js';
import {
  DATE_FORMATS,
  UPLOAD_KINDS,
  type DateFormat,
  type UploadKind,
} from '../../domain/csv/file-options.js';

/** An empty form field counts as absent: Swagger UI sends one for each field left blank. */
const BlankIsAbsent = () => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
const toBoolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' ? true : value === 'false' || value === '' ? false : value;
/** A text that is not a whole number stays a text, and fails every check of numbers. */
const toWhole = ({ value }: { value: unknown }): unknown =>
  value === '' ? undefined : typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

/** The form fields beside the file. */
export class UploadFormDto {
  @ApiPropertyOptional({
    enum: UPLOAD_KINDS,
    description: 'The kind of the file. Detected from the header row when absent.',
  })
  @BlankIsAbsent()
  @IsOptional()
  @IsIn(UPLOAD_KINDS)
  kind?: UploadKind;

  @ApiPropertyOptional({
    enum: UPLOAD_MODES,
    default: 'partial',
    description: '`partial` writes the valid rows; `strict` writes nothing unless every row is valid.',
  })
  @BlankIsAbsent()
  @IsOptional()
  @IsIn(UPLOAD_MODES)
  mode?: UploadMode;

  @ApiPropertyOptional({
    default: false,
    description:
      'Only check the file: nothing is written and no alert is raised; `result.preview` lists the alerts that would be.',
  })
  @Transform(toBoolean)
  @IsOptional()
  @IsBoolean()
  dry_run?: boolean;

  @ApiPropertyOptional({
    enum: DATE_FORMATS,
    default: 'ISO',
    description: 'How to read dates like 01/02/2024. ISO dates are always read.',
  })
  @BlankIsAbsent()
  @IsOptional()
  @IsIn(DATE_FORMATS)
  date_format?: DateFormat;

  @ApiPropertyOptional({
    minimum: 1,
    description: 'Stop, and fail with `too_many_errors`, once more rows than this are rejected.',
  })
  @Transform(toWhole)
  @IsOptional()
  @Min(1, { message: '$property must be a whole number from 1' })
  max_errors?: number;

  /** Absent fields take their defaults. */
  static toOptions({ kind, mode, dry_run, date_format, max_errors }: UploadFormDto): UploadOptions {
    return {
      ...(kind === undefined ? {} : { kind }),
      mode: mode ?? 'partial',
      dryRun: dry_run ?? false,
      dateFormat: date_format ?? 'ISO',
      ...(max_errors === undefined ? {} : { maxErrors: max_errors }),
    };
  }
}
