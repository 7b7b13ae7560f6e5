import { FILE_ERRORS, type FileErrorCode, type ImportIssue } from '../../domain/csv/import-issue.js';

/** The file as a whole cannot be imported; nothing of it is written. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly issues: readonly ImportIssue[];

  /** `where`: the line of the one finding with this code, or all findings. */
  constructor(
    readonly code: FileErrorCode,
    where?: number | readonly ImportIssue[],
  ) {
    super(FILE_ERRORS[code]);
    this.issues =
      typeof where === 'object'
        ? where
        : [{ code, message: FILE_ERRORS[code], ...(where === undefined ? {} : { line: where }) }];
  }
}
