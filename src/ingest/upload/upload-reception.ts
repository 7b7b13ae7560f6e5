import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Config } from '../../config/config.js';
import { Problem } from '../../platform/http/problem.js';
import { parseDto } from '../../platform/http/validation.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { SpoolMulterEngine, type SpooledFile } from './spool-multer-engine.js';
import { Spool } from './spool.js';
import { UploadFormDto } from './upload-form.dto.js';
import { UploadQueue } from './upload-queue.js';
import { UploadQuota } from './upload-quota.js';

/** Room for the multipart headers and the form fields around the file. */
const ENVELOPE_BYTES = 64 * 1024;

export interface Reception {
  readonly uploadId: string;
  /** False when an earlier request with the same idempotency key made the upload. */
  readonly isNew: boolean;
}

/** Receives the file of a multipart request and hands it to the queue. */
@Injectable()
export class UploadReception {
  private readonly limits: multer.Options['limits'];

  constructor(
    private readonly spool: Spool,
    private readonly queue: UploadQueue,
    private readonly quota: UploadQuota,
    private readonly keys: IdempotencyKeys,
    private readonly config: Config,
  ) {
    this.limits = {
      fileSize: config.upload.maxBytes,
      files: 1,
      fields: 20,
      fieldSize: 1024,
      fieldNameSize: 100,
      parts: 25,
      headerPairs: 50,
    };
  }

  /**
   * Streams the file to the spool within the limits, and resolves once the upload is durable. However it ends, the quota
   * and the idempotency key are released, and the file is removed unless the queue has taken it. Throws a problem that
   * names what to send instead, and StorageError.
   */
  async receive(request: Request, response: Response): Promise<Reception> {
    this.refuseEarly(request);
    const slot = this.quota.acquire(request, response);
    const engine = new SpoolMulterEngine(this.spool);
    let isAccepted = false;
    try {
      await this.keys.hold(request);
      const file = await this.receiveFile(engine, request, response);
      slot.received(file.id);
      const form: unknown = request.body;
      const options = UploadFormDto.toOptions(await parseDto(UploadFormDto, Object.assign({}, form)));
      const earlier = await this.keys.earlierUpload(request, file, options);
      if (earlier !== undefined) return { uploadId: earlier, isNew: false };
      const { id, bytes } = file;
      await this.queue.accept({ id, bytes, uploadedBy: callerOf(request).subject, options });
      isAccepted = true;
      return { uploadId: id, isNew: true };
    } finally {
      await this.keys.release(request);
      slot.requestEnded();
      if (!isAccepted) await engine.discard();
    }
  }

  private refuseEarly(request: Request): void {
    if (!request.is('multipart/form-data')) throw noFile();
    if (Number(request.headers['content-length'] ?? 0) > this.config.upload.maxBytes + ENVELOPE_BYTES)
      throw this.tooLarge();
    this.queue.refuseIfFull();
  }

  private async receiveFile(
    engine: SpoolMulterEngine,
    request: Request,
    response: Response,
  ): Promise<SpooledFile> {
    const receive = multer({ storage: engine, limits: this.limits }).single('file');
    const error = await new Promise<unknown>((resolve) => {
      receive(request, response, resolve);
    });
    if (error !== undefined) throw this.toProblem(error);
    if (!engine.file) throw noFile();
    return engine.file;
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

function noFile(): Problem {
  return new Problem('no_file', 'Send the CSV as multipart/form-data in the field "file".');
}

/** Busboy's errors about the body are plain errors with these sentences. */
function isParseError(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Unexpected end of form|Malformed (part|content)|Multipart: Boundary not found|Request (aborted|closed)|Part terminated)/i.test(
      error.message,
    )
  );
}
