import { Global, Module } from '@nestjs/common';
import { Lifecycle } from './lifecycle.js';

/** Tells everyone whether the process is starting, running or draining. */
@Global()
@Module({ providers: [{ provide: Lifecycle, useFactory: () => new Lifecycle() }], exports: [Lifecycle] })
export class LifecycleModule {}
