import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { EGRESS_PROBLEM, type EgressProblem } from './endpoint-check.js';
import type { PushReceivers } from './push-receivers.js';
import { PushSubscriptions } from './push-subscriptions.js';
import { PushController } from './push.controller.js';

/** Subscriptions of devices over REST. */
@Module({})
export class WebPushModule {
  /** `receivers` provides {@link PushReceivers}. */
  static for(receivers: Provider<PushReceivers>, egressProblem: EgressProblem): DynamicModule {
    return {
      module: WebPushModule,
      controllers: [PushController],
      providers: [receivers, { provide: EGRESS_PROBLEM, useValue: egressProblem }, PushSubscriptions],
    };
  }
}
