import { Global, Module } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { AlertLog } from './alert-log.js';

/** The alert log, for those who append to it and those who read it. */
@Global()
@Module({ providers: [AlertLog, Clock], exports: [AlertLog, Clock] })
export class AlertLogModule {}
