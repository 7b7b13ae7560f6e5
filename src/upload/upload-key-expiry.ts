import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Config } from '../config/config.js';
import { Expiry } from '../platform/lifecycle/retention-job.js';
import { Lifecycle } from '../platform/lifecycle/lifecycle.js';
import { IdempotencyStore } from '../storage/ports/idempotency.store.js';

/** Removes the idempotency keys that have expired. They count no more from the moment that they do. */
@Injectable()
export class UploadKeyExpiry extends Expiry {
  constructor(
    @Inject(IdempotencyStore) store: IdempotencyStore,
    lifecycle: Lifecycle,
    clock: Clock,
    config: Config,
  ) {
    const failure = 'Expired idempotency keys could not be removed; trying again';
    super({ store, keptMs: config.upload.idempotencyTtlMs, failure }, lifecycle, clock);
  }
}
