import { Module } from '@nestjs/common';
import { SyncModule } from '../sync/sync.module.js';
import { UploadQuota } from './upload-quota.js';
import { FileValidator } from '../csv/file-validator.js';
import { Spool } from './spool.js';
import { UndoController, UploadErrorsController, UploadController } from './upload.controller.js';
import { UndoJob } from './undo-job.js';
import { ImportJob } from './import-job.js';
import { IdempotencyKeyRetention, IdempotencyKeys } from './idempotency-keys.js';
import { UploadRecovery } from './upload-recovery.js';
import { UploadReception } from './upload-reception.js';
import { UploadQueue } from './upload-queue.js';
import { UndoRequests } from './undo-requests.js';
import { UploadAccess } from './upload-access.js';

/** Receives files, validates them, and imports their rows through the sync. */
@Module({
  imports: [SyncModule],
  controllers: [UploadController, UploadErrorsController, UndoController],
  providers: [
    UploadQueue,
    UploadAccess,
    UploadQuota,
    UploadReception,
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
