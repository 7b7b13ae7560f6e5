import { HttpException } from '@nestjs/common';

/** Every error that a request can get: its stable code, its HTTP status and its title. Codes are part of the API. */
export const PROBLEMS = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  bad_cursor: { status: 400, title: 'The cursor is not valid' },
  malformed_multipart: { status: 400, title: 'The multipart body is broken' },
  no_file: { status: 400, title: 'The request holds no file' },
  unexpected_file: { status: 400, title: 'The request holds a file too many' },
  bad_idempotency_key: { status: 400, title: 'The idempotency key is not valid' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'The request does not show who sends it' },
  forbidden: { status: 403, title: 'You may not do this' },
  foreign_origin: { status: 403, title: 'Pages from there may not call' },
  foreign_host: { status: 403, title: 'This server is not called that' },
  not_found: { status: 404, title: 'There is no such thing' },
  not_firing: { status: 409, title: 'The alert is over' },
  too_many_silences: { status: 409, title: 'There are too many silences' },
  not_undoable: { status: 409, title: 'The upload cannot be taken back' },
  too_many_subscriptions: { status: 409, title: 'There are too many subscriptions' },
  group_too_small: { status: 409, title: 'The group is too small' },
  uploads_under_way: { status: 409, title: 'An import is under way' },
  idempotency_key_in_use: { status: 409, title: 'The idempotency key is in use' },
  position_lost: { status: 410, title: 'The log cannot be followed from there' },
  file_too_large: { status: 413, title: 'The file is too large' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_csv: { status: 415, title: 'The file is not a CSV' },
  unsupported_media_type: { status: 415, title: 'The type of the body is not supported' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for something else' },
  upgrade_required: { status: 426, title: 'This address speaks WebSocket' },
  too_many_uploads_of_caller: { status: 429, title: 'You have too many uploads under way' },
  too_many_requests: { status: 429, title: 'You ask too much at once' },
  too_many_uploads: { status: 503, title: 'Too many uploads are waiting' },
  too_many_connections: { status: 503, title: 'Too many subscribers are connected' },
  keys_unavailable: { status: 503, title: 'Tokens cannot be verified now' },
  not_ready: { status: 503, title: 'The server is not ready' },
  server_stopping: { status: 503, title: 'The server is stopping' },
  storage_unavailable: { status: 503, title: 'The storage does not answer' },
  internal_error: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a field of the request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a caller gets as RFC 9457 `application/problem+json`. `detail` tells the fix and holds no data. */
export class Problem extends HttpException {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, PROBLEMS[code].status);
  }
}
