import { Module } from '@nestjs/common';
import { UploadQuota } from './upload-quota.js';
import { FileValidator } from '../csv/file-validator.js';
import { Spool } from './spool.js';
import { UndoController, UploadErrorsController, UploadController } from './upload.controller.js';
import { UndoJob } from './undo-job.js';
import { ImportJob } from './import-job.js';
import { IdempotencyKeyRetention, IdempotencyKeys } from './idempotency-keys.js';
import { UploadRecovery } from './upload-recovery.js';
import { UploadQueue } from './upload-queue.js';
import { UndoRequests } from './undo-requests.js';
import { UploadAccess } from './upload-access.js';

/** Takes files, validates them and hands their rows on with the event `import.ready`. */
@Module({
  controllers: [UploadController, UploadErrorsController, UndoController],
  providers: [
    UploadQueue,
    UploadAccess,
    UploadQuota,
    ImportJob,
    UndoJob,
    UndoRequests,
    FileValidator,
    Spool,
    UploadRecovery,
    IdempotencyKeys,
    IdempotencyKeyRetention,
  ],
})
export class UploadModule {}
