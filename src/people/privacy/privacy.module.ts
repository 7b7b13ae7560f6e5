import { Module } from '@nestjs/common';
import { ErasureController } from './erasure.controller.js';
import { ErasureRun } from './erasure-run.js';
import { Erasures } from './erasure-requests.js';
import { PersonTraces } from './person-lookup.js';
import { ResponseRetention } from './response-retention.js';
import { UploadTraces } from './upload-report-scrubber.js';

/** Removes persons' data: on request, and what is older than it may be kept. */
@Module({
  controllers: [ErasureController],
  providers: [Erasures, ErasureRun, PersonTraces, UploadTraces, ResponseRetention],
})
export class PrivacyModule {}
