import { Module } from '@nestjs/common';
import { ChangePoller } from './change-poller.js';
import { ChangeFollower } from './change-follower.js';
import { StreamLease } from './stream-lease.js';

/** Notices within seconds what other tools edit, where the storage tells. */
@Module({ providers: [ChangePoller, ChangeFollower, StreamLease] })
export class ChangeStreamModule {}
