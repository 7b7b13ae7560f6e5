import { Module } from '@nestjs/common';
import { ErasureController } from './erasure.controller.js';
import { ErasureRun } from './erasure-run.js';
import { ErasureRequests } from './erasure-requests.js';
import { SyncModule } from '../../ingest/sync/sync.module.js';
import { PersonErasure } from './person-erasure.js';
import { PersonLookup } from './person-lookup.js';
import { ResponseRetention } from './response-retention.js';
import { UploadReportScrubber } from './upload-report-scrubber.js';

/** Removes persons' data on request, and survey responses past their retention. */
@Module({
  imports: [SyncModule],
  controllers: [ErasureController],
  providers: [
    ErasureRequests,
    ErasureRun,
    PersonErasure,
    PersonLookup,
    UploadReportScrubber,
    ResponseRetention,
  ],
})
export class PrivacyModule {}
