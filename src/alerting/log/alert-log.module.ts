import { Global, Module } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { AlertLog } from './alert-log.js';
import { LogRetention } from './log-retention.js';
import { RedisWakeups } from './redis-wakeups.js';

/** The alert log for its writers and readers, its retention, and its wake-ups. */
@Global()
@Module({ providers: [AlertLog, LogRetention, RedisWakeups, Clock], exports: [AlertLog, Clock] })
export class AlertLogModule {}
