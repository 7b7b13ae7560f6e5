import { Module } from '@nestjs/common';
import { CallerUploads } from './upload-quota.js';
import { ImportFile } from '../csv/file-validator.js';
import { Spool } from './spool.js';
import { UndoController, UploadErrorsController, UploadController } from './upload.controller.js';
import { UndoJob } from './undo-job.js';
import { UploadJob } from './import-job.js';
import { UploadKeyExpiry, UploadKeys } from './idempotency-keys.js';
import { UploadRecovery } from './upload-recovery.js';
import { UploadQueue } from './upload-queue.js';
import { UploadUndoing } from './undo-requests.js';
import { UploadAccess } from './upload-access.js';

/** Takes files, validates them and hands their rows on with the event `import.ready`. */
@Module({
  controllers: [UploadController, UploadErrorsController, UndoController],
  providers: [
    UploadQueue,
    UploadAccess,
    CallerUploads,
    UploadJob,
    UndoJob,
    UploadUndoing,
    ImportFile,
    Spool,
    UploadRecovery,
    UploadKeys,
    UploadKeyExpiry,
  ],
})
export class UploadModule {}
