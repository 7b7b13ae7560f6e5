import { Module } from '@nestjs/common';
import { ChangePoller } from './change-poller.js';
import { ChangeFollower } from './change-follower.js';
import { StreamLease } from './stream-lease.js';

/** Detects edits of other tools within seconds, where the storage has a change stream. */
@Module({ providers: [ChangePoller, ChangeFollower, StreamLease] })
export class ChangeStreamModule {}
