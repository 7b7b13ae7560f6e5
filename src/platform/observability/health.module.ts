import { Global, Module } from '@nestjs/common';
import { Degradations } from './degradations.js';
import { HealthController } from './health.controller.js';

/** Liveness and readiness. */
@Global()
@Module({ controllers: [HealthController], providers: [Degradations], exports: [Degradations] })
export class HealthModule {}
