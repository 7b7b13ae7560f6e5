import { Module } from '@nestjs/common';
import { DirectEdits } from './change-poller.js';
import { EditFollower } from './change-follower.js';
import { SharedReading } from './stream-lease.js';

/** Notices within seconds what other tools edit, where the storage tells. */
@Module({ providers: [DirectEdits, EditFollower, SharedReading] })
export class DirectEditsModule {}
