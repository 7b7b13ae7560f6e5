import { HttpException } from '@nestjs/common';
import { PROBLEMS, type ProblemCode } from '../../http/problem-codes.js';

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
