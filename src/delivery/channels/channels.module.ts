import { Module } from '@nestjs/common';
import { ChannelLog } from './log-cursor.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelOperations } from './channel-operations.js';
import { ChannelStatus } from './channel-status.js';
import { ChannelSupervisor } from './supervisor.js';
import { ChannelsController } from './channels.controller.js';
import { ConfiguredDestinations } from './destination-factory.js';
import { DeadLetterRetention } from './dead-letter-retention.js';
import { Destinations } from './destinations.js';
import { PushController } from './web-push/push.controller.js';
import { PushDestinations } from './web-push/push-destinations.js';
import { PushReceivers, PushSubscriptions } from './web-push/push-subscriptions.js';
import { WorkerFactory } from './worker-factory.js';

/** Tells people and programs outside, as the channels file says. */
@Module({
  controllers: [ChannelsController, PushController],
  providers: [
    ChannelLog,
    ChannelMetrics,
    ChannelOperations,
    ChannelStatus,
    ChannelSupervisor,
    DeadLetterRetention,
    PushDestinations,
    PushReceivers,
    PushSubscriptions,
    WorkerFactory,
    { provide: Destinations, useClass: ConfiguredDestinations },
  ],
})
export class ChannelsModule {}
