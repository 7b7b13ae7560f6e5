import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { Expiry } from '../lifecycle/retention-job.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { AuditStore } from '../../storage/ports/audit.store.js';

/** Removes the lines of the audit log that are older than its retention. Nothing else removes one. */
@Injectable()
export class AuditExpiry extends Expiry {
  constructor(@Inject(AuditStore) store: AuditStore, lifecycle: Lifecycle, clock: Clock, config: Config) {
    const failure = 'Old lines of the audit log could not be removed; trying again';
    super({ store, keptMs: config.auditRetentionMs, failure }, lifecycle, clock);
  }
}
