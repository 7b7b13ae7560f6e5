import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth.guard.js';
import { Authentication } from './authentication.js';

/** Who callers are and what they may, for every module. */
@Global()
@Module({
  providers: [Authentication, { provide: APP_GUARD, useClass: AuthGuard }],
  exports: [Authentication],
})
export class AuthModule {}
