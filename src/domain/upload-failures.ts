/** Why an upload can fail by no fault of the file, with the sentence that tells what to do. Codes are stable. */
export const UPLOAD_FAILURES = {
  storage_unavailable:
    'The storage did not answer while the file was imported. Upload the file again: nothing doubles.',
  evaluation_failed:
    'The rows are written, but evaluating them failed; the next evaluation catches up, or POST /api/v1/risk/evaluate.',
  spool_lost: 'The file was lost before all of it was imported. Upload it again: nothing doubles.',
  internal_error: 'The import broke off. Upload the file again: nothing doubles.',
} as const;

export type UploadFailureCode = keyof typeof UPLOAD_FAILURES;

/** Whether a code is one of these. */
export function isUploadFailure(code: string): code is UploadFailureCode {
  return Object.hasOwn(UPLOAD_FAILURES, code);
}
