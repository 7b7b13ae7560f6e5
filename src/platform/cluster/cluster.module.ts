import { Global, Module } from '@nestjs/common';
import { InstanceRegistry } from './instance-registry.js';
import { ThisInstance } from './this-instance.js';

/** The processes that share the store, so that one can continue the unfinished work of another. */
@Global()
@Module({ providers: [InstanceRegistry, ThisInstance], exports: [InstanceRegistry, ThisInstance] })
export class ClusterModule {}
