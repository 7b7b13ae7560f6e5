import { Module } from '@nestjs/common';
import { ErasureController } from './erasure.controller.js';
import { ErasureRun } from './erasure-run.js';
import { Erasures } from './erasure-requests.js';
import { SyncModule } from '../../ingest/sync/sync.module.js';
import { PersonErasure } from './person-erasure.js';
import { PersonTraces } from './person-lookup.js';
import { ResponseRetention } from './response-retention.js';
import { UploadTraces } from './upload-report-scrubber.js';

/** Removes persons' data: on request, and what is older than it may be kept. */
@Module({
  imports: [SyncModule],
  controllers: [ErasureController],
  providers: [Erasures, ErasureRun, PersonErasure, PersonTraces, UploadTraces, ResponseRetention],
})
export class PrivacyModule {}
