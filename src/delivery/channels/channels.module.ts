import { Module } from '@nestjs/common';
import { ChannelLog } from './channel-log.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelOperations } from './channel-operations.js';
import { ChannelStatus } from './channel-status.js';
import { ChannelSupervisor } from './supervisor.js';
import { ChannelsController } from './channels.controller.js';
import { ConfiguredDestinations } from './registry.js';
import { DeadLetterRetention } from './dead-letter-retention.js';
import { Destinations } from './destinations.js';
import { PushController } from './web-push/push.controller.js';
import { PushReceivers, PushSubscriptions } from './web-push/push-subscriptions.js';
import { ChannelPipeline } from './pipeline.js';

/** Notifies people and programs outside, as the channels file says. */
@Module({
  controllers: [ChannelsController, PushController],
  providers: [
    ChannelLog,
    ChannelMetrics,
    ChannelOperations,
    ChannelPipeline,
    ChannelStatus,
    ChannelSupervisor,
    DeadLetterRetention,
    PushReceivers,
    PushSubscriptions,
    { provide: Destinations, useClass: ConfiguredDestinations },
  ],
})
export class ChannelsModule {}
