import { Module } from '@nestjs/common';
import { CallerUploads } from './upload-quota.js';
import { ImportFile } from '../csv/file-validator.js';
import { Spool } from './spool.js';
import { UndoController } from '../../upload/undo.controller.js';
import { UndoJob } from './undo-job.js';
import { UploadJob } from './import-job.js';
import { UploadKeyExpiry } from '../../upload/upload-key-expiry.js';
import { UploadKeys } from './idempotency-keys.js';
import { UploadRecovery } from './upload-recovery.js';
import { UploadQueue } from './upload-queue.js';
import { UploadErrorsController } from '../../upload/upload-errors.controller.js';
import { UploadUndoing } from './undo-requests.js';
import { UploadAccess } from './upload-access.js';
import { UploadController } from './upload.controller.js';

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
