import type { Request, Response } from 'express';
import { PROBLEMS } from './problem-codes.js';
import { Problem } from './problem.js';

/** Answers with a problem as RFC 9457 `application/problem+json`. */
export function sendProblem(request: Request, response: Response, { code, detail, extras }: Problem): void {
  const { status, title } = PROBLEMS[code];
  const { errors, headers = {} } = extras;
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .json({
      type: 'about:blank',
      title,
      status,
      detail,
      instance: request.originalUrl.split('?')[0],
      code,
      ...(errors === undefined ? {} : { errors }),
    });
}

/** What an address that does not exist answers. */
export const NOTHING_HERE = 'Nothing is here. See /docs for the addresses.';

/** The last handler of all: nothing answered. */
export function answerNotFound(request: Request, response: Response): void {
  sendProblem(request, response, new Problem('not_found', NOTHING_HERE));
}
