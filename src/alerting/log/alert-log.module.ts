import { Global, Module } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { AlertLog } from './alert-log.js';
import { LogRetention } from './log-retention.js';
import { RedisWakeups } from './redis-wakeups.js';

/** The alert log, for those who append to it and those who read it, and what keeps it from growing for good. */
@Global()
@Module({ providers: [AlertLog, LogRetention, RedisWakeups, Clock], exports: [AlertLog, Clock] })
export class AlertLogModule {}
