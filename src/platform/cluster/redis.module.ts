import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { LocalRateCounter, RateCounter } from '../auth/rate-counter.js';
import { NoConnectionCounter, ConnectionCounter } from '../auth/connection-counter.js';
import { LocalTicketStore, TicketStore } from '../auth/ticket-store.js';
import { Clock } from '../../lib/clock.js';
import type { Config, RedisConfig } from '../../config/config.js';
import { Degradations } from '../observability/degradations.js';
import { ThisInstance } from './this-instance.js';
import { Metrics } from '../observability/metrics.js';
import { RedisCluster } from './redis-cluster.js';

/** The state that instances share through Redis where one is configured, and its local substitutes elsewhere. */
@Module({})
export class RedisModule {
  static for({ redis }: Config): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      providers: redis ? shared(redis) : ALONE,
      exports: [RateCounter, ConnectionCounter, TicketStore, ...(redis ? [RedisCluster] : [])],
    };
  }
}

const ALONE: Provider[] = [
  { provide: RateCounter, useClass: LocalRateCounter },
  { provide: ConnectionCounter, useClass: NoConnectionCounter },
  { provide: TicketStore, useFactory: (clock: Clock) => new LocalTicketStore(clock), inject: [Clock] },
];

function shared(config: RedisConfig): Provider[] {
  type Given = [Clock, Metrics, Degradations, ThisInstance];
  return [
    {
      provide: RedisCluster,
      useFactory: (...given: Given) => new RedisCluster(config, ...given),
      inject: [Clock, Metrics, Degradations, ThisInstance],
    },
    { provide: RateCounter, useFactory: (redis: RedisCluster) => redis.rateCounter, inject: [RedisCluster] },
    {
      provide: ConnectionCounter,
      useFactory: (redis: RedisCluster) => redis.connectionCounter,
      inject: [RedisCluster],
    },
    { provide: TicketStore, useFactory: (redis: RedisCluster) => redis.tickets, inject: [RedisCluster] },
  ];
}
