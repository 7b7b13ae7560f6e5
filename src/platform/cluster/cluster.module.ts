import { Global, Module } from '@nestjs/common';
import { InstanceRegistry } from './instance-registry.js';
import { ThisInstance } from './this-instance.js';

/** Which processes share the store, for those who go on with what others did not finish. */
@Global()
@Module({ providers: [InstanceRegistry, ThisInstance], exports: [InstanceRegistry, ThisInstance] })
export class ClusterModule {}
