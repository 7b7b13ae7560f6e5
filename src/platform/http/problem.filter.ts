import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isAbort } from '../../lib/abort.js';
import { StorageError } from '../../storage/ports/storage-error.js';
import { PROBLEMS, type ProblemCode, Problem } from './problem.js';
import { NOTHING_HERE, sendProblem } from './problem-response.js';

/** Called for every request that is about to be answered with a problem. Must not throw. */
export type ProblemListener = (request: Request, response: Response, problem: Problem) => void;

/** Answers every error as RFC 9457 problem+json. Faults of the server are logged in full and answered without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly onProblem: ProblemListener = () => undefined) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.toProblem(error);
    if (FAULTS.has(problem.code)) this.logger.error({ err: error }, `Answered ${problem.code}`);
    this.onProblem(request, response, problem);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendProblem(request, response, problem);
  }

  private toProblem(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (isAbort(error)) {
      return new Problem(
        'server_stopping',
        'The server stopped during the request. Repeat the request when the server is back.',
        {
          headers: { 'Retry-After': '10' },
        },
      );
    }
    const cause = rootOf(error);
    if (cause instanceof StorageError) {
      return new Problem('storage_unavailable', cause.message, { headers: { 'Retry-After': '5' } });
    }
    const status = statusOf(error);
    const code = CODE_OF_STATUS[status];
    if (code === undefined || status >= 500) {
      return new Problem('internal_error', 'The server failed to answer. The request may be repeated.');
    }
    return new Problem(code, DETAIL_OF[code] ?? STATUS_CODES[status] ?? PROBLEMS[code].title);
  }
}

/** Faults of the server. All other codes are refusals: a mistake of the caller, or a server that is busy or stopping. */
const FAULTS: ReadonlySet<ProblemCode> = new Set(['internal_error', 'storage_unavailable']);

/** A failed listener's own error, when the publisher got several as one. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const causes = error.errors.map(rootOf);
  return causes.find((cause) => cause instanceof StorageError) ?? causes[0];
}

/** The status of exceptions of Nest, and of errors of the body parser. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const carriesStatus = error instanceof Error && 'status' in error && 'type' in error;
  return carriesStatus && typeof error.status === 'number' ? error.status : 500;
}

const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

const DETAIL_OF: Readonly<Partial<Record<ProblemCode, string>>> = {
  not_found: NOTHING_HERE,
  bad_request: 'The request cannot be read. Check its path, its headers and that its body is JSON.',
  body_too_large: 'The body is larger than this address accepts.',
};
