import { Module } from '@nestjs/common';
import { DirectEdits } from './direct-edits.js';
import { EditFollower } from './edit-follower.js';
import { SharedReading } from './shared-reading.js';

/** Notices within seconds what other tools edit, where the storage tells. */
@Module({ providers: [DirectEdits, EditFollower, SharedReading] })
export class DirectEditsModule {}
