import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import type { UploadRecord } from '../../domain/uploads/upload.js';
import { Problem } from '../../platform/http/problem.js';
import { UploadQueue } from './upload-queue.js';

/** Restricts uploads to those that the caller of a request may see. */
@Injectable()
export class UploadAccess {
  constructor(
    private readonly queue: UploadQueue,
    private readonly scopes: AccessScopes,
  ) {}

  /** One upload. Throws the problem `not_found` when it does not exist or the caller may not see it. */
  async find(id: string, request: Request): Promise<UploadRecord> {
    const record = await this.queue.find(id);
    if (!record || !this.seenBy(request)(record))
      throw new Problem('not_found', 'There is no upload with this id.');
    return record;
  }

  /** Whether the caller may see an upload. */
  seenBy(request: Request): (record: UploadRecord) => boolean {
    const { seesUploadOf } = this.scopes.ofRequest(request);
    return ({ uploadedBy }) => seesUploadOf(uploadedBy);
  }
}
