import type { Request, Response } from 'express';
import { PROBLEMS, Problem, problemType } from './problem.js';

/** Answers with a problem as RFC 9457 `application/problem+json`. */
export function sendProblem(request: Request, response: Response, problem: Problem): void {
  response
    .status(PROBLEMS[problem.code].status)
    .set(problem.extras.headers ?? {})
    .type(PROBLEM_TYPE)
    .json(problemBody(problem, request.originalUrl));
}

/** The media type of a problem. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The body of a problem with the resource at `url`. The query of the URL is left out: it can hold personal data. */
export function problemBody({ code, detail, extras: { errors } }: Problem, url: string): object {
  const { status, title } = PROBLEMS[code];
  const instance = url.split('?')[0];
  return { type: problemType(code), title, status, detail, instance, code, ...(errors ? { errors } : {}) };
}

/** The detail of `not_found` for an address that no handler serves. */
export const NOTHING_HERE = 'This address does not exist. Check it against the API description.';

/** The last handler in the chain, for requests that no other handler answered. */
export function answerNotFound(request: Request, response: Response): void {
  sendProblem(request, response, new Problem('not_found', NOTHING_HERE));
}
