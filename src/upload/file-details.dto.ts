import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ColumnUse } from '../domain/csv/column-use.js';
import { DELIMITERS, LINE_ENDS, type Delimiter, type LineEnds } from '../domain/csv/dialect.js';
import type { UploadReport } from '../domain/uploads/upload.js';
import { API_PREFIX } from '../platform/http/api-prefix.js';

export class ImportIssueDto {
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

/** How a file is written. */
export class DialectDto {
  @ApiProperty({ enum: ['utf-8'] }) encoding!: 'utf-8';
  @ApiProperty({ example: false, description: 'Whether a byte order mark stands at the beginning.' })
  bom!: boolean;
  @ApiProperty({ enum: DELIMITERS, example: ',' }) delimiter!: Delimiter;
  @ApiProperty({ enum: LINE_ENDS, example: 'lf' }) line_ends!: LineEnds;
}

/** What a column was read as. */
export class ColumnUseDto {
  @ApiProperty({ example: 'Employee ID', description: 'As it stands in the file.' }) column!: string;
  @ApiProperty({ example: 'employee_id', description: 'A field, or a question like `Q3`.' }) field!: string;
}

/** What an upload's report tells about the file itself. */
export class FileDetailsDto {
  @ApiProperty({ example: 398, description: 'Neither rejected nor a duplicate.' }) rows_valid!: number;
  @ApiProperty({ type: DialectDto, nullable: true, description: 'Null where the file is not UTF-8 text.' })
  dialect!: DialectDto | null;
  @ApiProperty({ type: [ColumnUseDto], description: 'What the columns were read as; 200 at most.' })
  columns!: readonly ColumnUse[];
  @ApiProperty({ type: [String], example: ['shoe_size'], description: 'Columns not read; 200 at most.' })
  ignored_columns!: readonly string[];
  @ApiProperty({ example: 2, description: 'A row can have several.' }) errors_total!: number;
  @ApiProperty({
    example: '/api/v1/uploads/01936d5e-7a3c-7c1e-9d6b-3f2a1b0c9d8e/errors.csv',
    description: 'All errors, as a CSV.',
  })
  errors_url!: string;
}

/** {@link FileDetailsDto} of an upload. */
export function fileDetailsOf(
  uploadId: string,
  report: UploadReport,
): Pick<FileDetailsDto, keyof FileDetailsDto> {
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
