import { HttpException } from '@nestjs/common';

/** What callers learn of a problem code, beside the code itself. */
interface ProblemDescription {
  readonly status: number;
  readonly title: string;
  /** What the code means and what the caller does about it. Backticks enclose literals. */
  readonly help: string;
}

/**
 * Every error that a request can get, by its stable code. Codes are part of the API. The page at {@link PROBLEMS_PATH}
 * is made from this table, and a test keeps docs/reference/problem-codes.md equal to it.
 */
export const PROBLEMS = {
  validation_failed: {
    status: 400,
    title: 'Validation failed',
    help: 'A field or parameter is not valid. Correct the fields listed in `errors`.',
  },
  bad_cursor: {
    status: 400,
    title: 'Invalid cursor',
    help: 'The cursor is not valid, or belongs to another list. Use the `next_cursor` of the page before, or none for the first page.',
  },
  malformed_multipart: {
    status: 400,
    title: 'Malformed multipart body',
    help: 'The multipart body broke off, is not `multipart/form-data`, or has too many or too long fields. Send it again.',
  },
  no_file: {
    status: 400,
    title: 'File missing',
    help: 'The request holds no file. Send the CSV as `multipart/form-data` in the field `file`.',
  },
  unexpected_file: {
    status: 400,
    title: 'More than one file',
    help: 'The request holds more than one file. Send one file only, in the field `file`.',
  },
  bad_idempotency_key: {
    status: 400,
    title: 'Invalid idempotency key',
    help: 'The header `Idempotency-Key` is not valid. It takes 1 to 255 visible ASCII characters without quotes inside; a UUID is best.',
  },
  bad_request: {
    status: 400,
    title: 'Bad request',
    help: 'The request cannot be read. Check its path, its headers and that its body is JSON.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication required',
    help: 'The request has no token, or one that is not valid or has expired. `WWW-Authenticate` says what is required. Check issuer, audience, type and signature, or get a new token.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    help: 'The role of the caller does not allow the request, or the token names no role of this server. Ask an administrator for a role that does.',
  },
  foreign_origin: {
    status: 403,
    title: 'Origin not allowed',
    help: 'A page of this origin may not call. Add the origin to `ALLOWED_ORIGINS`, exactly as the browser sends it.',
  },
  foreign_host: {
    status: 403,
    title: 'Host not allowed',
    help: 'The request names another host. Without `AUTH_MODE=jwt` only this machine may call: use `127.0.0.1`.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    help: 'The address or the entity does not exist, or the caller may not see it.',
  },
  not_firing: {
    status: 409,
    title: 'Alert not firing',
    help: 'Only a firing alert can be acknowledged. `GET /api/v1/alerts/active` lists them.',
  },
  too_many_silences: {
    status: 409,
    title: 'Too many silences',
    help: 'The number of silences is at its limit. End one, or widen one.',
  },
  not_undoable: {
    status: 409,
    title: 'Upload cannot be undone',
    help: 'The upload cannot be taken back: it is no survey, wrote no responses, or is not imported yet. For the last case repeat the request when its status is `completed`.',
  },
  too_many_subscriptions: {
    status: 409,
    title: 'Too many push subscriptions',
    help: 'The caller or the receiver has as many push subscriptions as allowed. End one, or ask an administrator for another receiver.',
  },
  group_too_small: {
    status: 409,
    title: 'Group too small',
    help: 'The scores of this department are withheld, because groups this small are not shown. Edit its employees instead.',
  },
  uploads_under_way: {
    status: 409,
    title: 'Import in progress',
    help: 'Another instance imports a file, which may name the person. Repeat the request when the import has finished.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'Idempotency key in use',
    help: 'Another request with this key is being received. Repeat this one when the other is answered.',
  },
  position_lost: {
    status: 410,
    title: 'Log position lost',
    help: 'The log cannot be followed from this id. Read `GET /api/v1/alerts/active` and continue after its `position`.',
  },
  file_too_large: {
    status: 413,
    title: 'File too large',
    help: 'The file is larger than `UPLOAD_MAX_BYTES`. Split it.',
  },
  body_too_large: {
    status: 413,
    title: 'Request body too large',
    help: 'The body is larger than this address accepts.',
  },
  not_csv: {
    status: 415,
    title: 'Not a CSV file',
    help: 'The file is not a CSV: its part has another type, or its bytes are those of another format. Export it as "CSV UTF-8".',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    help: 'The type of the body is not supported. Send JSON with `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    help: 'The key was used for another file or other options. Choose a new key for every upload.',
  },
  upgrade_required: {
    status: 426,
    title: 'WebSocket upgrade required',
    help: 'This address serves WebSockets. Connect with a WebSocket client; for a list use `GET /api/v1/alerts`.',
  },
  too_many_uploads_of_caller: {
    status: 429,
    title: 'Too many unfinished uploads',
    help: 'The caller has too many unfinished uploads. Wait for one to finish, then send the file again.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    help: 'The caller has exceeded a limit of requests, uploads, tickets or connections. Repeat the request after `Retry-After`.',
  },
  too_many_uploads: {
    status: 503,
    title: 'Upload queue full',
    help: 'Too many uploads wait in the queue. Wait for one to finish, then send the file again.',
  },
  too_many_connections: {
    status: 503,
    title: 'Too many connections',
    help: 'Too many subscribers are connected. Connect again after `Retry-After`.',
  },
  keys_unavailable: {
    status: 503,
    title: 'Token keys unavailable',
    help: 'The keys of the token issuer cannot be read now. Repeat the request after `Retry-After`.',
  },
  not_ready: {
    status: 503,
    title: 'Server not ready',
    help: 'The server starts or stops. Ask another instance, or repeat the request after `Retry-After`.',
  },
  server_stopping: {
    status: 503,
    title: 'Server stopping',
    help: 'The server stops. Repeat the request when it is back.',
  },
  storage_unavailable: {
    status: 503,
    title: 'Storage unavailable',
    help: 'The storage does not answer. Repeat the request after `Retry-After`. A change may be done all the same.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    help: "The server failed to answer. The request may be repeated. The server's log holds the cause.",
  },
} as const satisfies Record<string, ProblemDescription>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The path of the page that explains every code, outside the REST prefix. */
export const PROBLEMS_PATH = '/problems';

/** The `type` of a problem: a relative reference (RFC 9457, section 3.1.1) that this server itself answers. */
export function problemType(code: ProblemCode): string {
  return `${PROBLEMS_PATH}#${code}`;
}

/** One thing that is wrong with a field of the request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a caller gets as RFC 9457 `application/problem+json`. `detail` names the fix and holds no personal data. */
export class Problem extends HttpException {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, PROBLEMS[code].status);
  }
}
