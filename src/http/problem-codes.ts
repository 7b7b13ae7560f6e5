/** Every error that a request can get: its stable code, its HTTP status and its title. Codes are part of the API. */
export const PROBLEMS = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  bad_cursor: { status: 400, title: 'The cursor is not valid' },
  malformed_multipart: { status: 400, title: 'The multipart body is broken' },
  no_file: { status: 400, title: 'The request holds no file' },
  unexpected_file: { status: 400, title: 'The request holds a file too many' },
  bad_idempotency_key: { status: 400, title: 'The idempotency key is not valid' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  not_found: { status: 404, title: 'There is no such thing' },
  not_undoable: { status: 409, title: 'The upload cannot be taken back' },
  idempotency_key_in_use: { status: 409, title: 'The idempotency key is in use' },
  position_lost: { status: 410, title: 'The log cannot be followed from there' },
  file_too_large: { status: 413, title: 'The file is too large' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_csv: { status: 415, title: 'The file is not a CSV' },
  unsupported_media_type: { status: 415, title: 'The type of the body is not supported' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for something else' },
  upgrade_required: { status: 426, title: 'This address speaks WebSocket' },
  too_many_uploads_of_caller: { status: 429, title: 'You have too many uploads under way' },
  too_many_uploads: { status: 503, title: 'Too many uploads are waiting' },
  too_many_connections: { status: 503, title: 'Too many subscribers are connected' },
  not_ready: { status: 503, title: 'The server is not ready' },
  server_stopping: { status: 503, title: 'The server is stopping' },
  storage_unavailable: { status: 503, title: 'The storage does not answer' },
  internal_error: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
