import { Global, Module } from '@nestjs/common';
import { Lifecycle } from './lifecycle.js';

/** The phase of the process, for every module. */
@Global()
@Module({ providers: [{ provide: Lifecycle, useFactory: () => new Lifecycle() }], exports: [Lifecycle] })
export class LifecycleModule {}
