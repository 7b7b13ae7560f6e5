import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Config } from '../../config/config.js';
import { Problem } from '../../platform/http/problem.js';
import { UploadQuota } from './upload-quota.js';
import { SpoolMulterEngine, type SpooledFile } from './spool-multer-engine.js';
import { Spool } from './spool.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { UploadQueue } from './upload-queue.js';

/** Room for the multipart headers and the form fields around the file. */
const ENVELOPE_BYTES = 64 * 1024;

/**
 * Streams the file of a multipart request to the spool, within limits, before the handler runs. The handler takes
 * the file over with {@link takeSpooledFile}; when it fails, the file is removed.
 */
@Injectable()
export class CsvUploadInterceptor implements NestInterceptor {
  private readonly receive: ReturnType<multer.Multer['single']>;

  constructor(
    private readonly spool: Spool,
    private readonly queue: UploadQueue,
    private readonly callers: UploadQuota,
    private readonly keys: IdempotencyKeys,
    private readonly config: Config,
  ) {
    this.receive = multer({
      storage: new SpoolMulterEngine(spool),
      limits: {
        fileSize: config.upload.maxBytes,
        files: 1,
        fields: 20,
        fieldSize: 1024,
        fieldNameSize: 100,
        parts: 25,
        headerPairs: 50,
      },
    }).single('file');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.handle(context, next));
  }

  private async handle(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    this.refuseEarly(request);
    const place = this.callers.enter(request, response);
    try {
      await this.keys.hold(request);
      await this.receiveFile(request, response);
      if (!request.file) {
        throw new Problem('no_file', 'Send the CSV as multipart/form-data in the field "file".');
      }
      place.received(takeSpooledFile(request).id);
      return await lastValueFrom<unknown>(next.handle());
    } finally {
      await this.keys.release(request);
      place.requestEnded();
    }
  }

  private refuseEarly(request: Request): void {
    if (!request.is('multipart/form-data')) {
      throw new Problem('no_file', 'Send the CSV as multipart/form-data in the field "file".');
    }
    if (Number(request.headers['content-length'] ?? 0) > this.config.upload.maxBytes + ENVELOPE_BYTES) {
      throw this.tooLarge();
    }
    this.queue.refuseIfFull();
  }

  private async receiveFile(request: Request, response: Response): Promise<void> {
    const error = await new Promise<unknown>((resolve) => {
      this.receive(request, response, resolve);
    });
    if (error === undefined) return;
    if (request.file) await this.spool.remove(this.spool.nameFor(takeSpooledFile(request).id));
    throw this.toProblem(error);
  }

  private toProblem(error: unknown): unknown {
    if (!(error instanceof multer.MulterError)) return isParseError(error) ? BROKEN : error;
    switch (error.code) {
      case 'LIMIT_FILE_SIZE':
        return this.tooLarge();
      case 'LIMIT_UNEXPECTED_FILE':
      case 'LIMIT_FILE_COUNT':
        return new Problem('unexpected_file', 'Send one file only, in the field "file".');
      default:
        return new Problem('malformed_multipart', 'The form has too many or too long fields.');
    }
  }

  private tooLarge(): Problem {
    return new Problem('file_too_large', `A file may have ${this.config.upload.maxBytes} bytes. Split it.`);
  }
}

const BROKEN = new Problem(
  'malformed_multipart',
  'The body broke off or is not multipart/form-data. Send it again.',
);

/** Busboy's errors about the body are plain errors with these sentences. */
function isParseError(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Unexpected end of form|Malformed (part|content)|Multipart: Boundary not found|Request (aborted|closed)|Part terminated)/i.test(
      error.message,
    )
  );
}

/** The file that the interceptor spooled for this request. */
export function takeSpooledFile(request: Request): SpooledFile {
  const { file } = request;
  if (!file?.sha256) throw new Error('takeSpooledFile is for handlers behind CsvUploadInterceptor');
  return { id: file.filename, bytes: file.size, sha256: file.sha256 };
}
