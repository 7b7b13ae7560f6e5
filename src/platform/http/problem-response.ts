import type { Request, Response } from 'express';
import { PROBLEMS, Problem } from './problem.js';

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

/** The body that tells a problem with what is at `url`. What the query says stays out of it. */
export function problemBody({ code, detail, extras: { errors } }: Problem, url: string): object {
  const { status, title } = PROBLEMS[code];
  const instance = url.split('?')[0];
  return { type: 'about:blank', title, status, detail, instance, code, ...(errors ? { errors } : {}) };
}

/** What an address that does not exist answers. */
export const NOTHING_HERE = 'Nothing is here. Check the address against the API description.';

/** The last handler of all: nothing answered. */
export function answerNotFound(request: Request, response: Response): void {
  sendProblem(request, response, new Problem('not_found', NOTHING_HERE));
}
