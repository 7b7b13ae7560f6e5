import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import type { UploadRecord } from '../../domain/uploads/upload.js';
import { Problem } from '../../platform/http/problem.js';
import { UploadQueue } from './upload-queue.js';

/** Finds the uploads that the sender of a request may see. */
@Injectable()
export class UploadAccess {
  constructor(
    private readonly queue: UploadQueue,
    private readonly scopes: AccessScopes,
  ) {}

  /** One upload. Throws `not_found` when there is none, or it is not for this caller to see. */
  async find(id: string, request: Request): Promise<UploadRecord> {
    const record = await this.queue.find(id);
    if (!record || !this.seenBy(request)(record))
      throw new Problem('not_found', 'There is no upload with this id.');
    return record;
  }

  /** Which uploads the caller sees. */
  seenBy(request: Request): (record: UploadRecord) => boolean {
    const { seesUploadOf } = this.scopes.ofRequest(request);
    return ({ uploadedBy }) => seesUploadOf(uploadedBy);
  }
}
