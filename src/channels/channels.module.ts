import { Module } from '@nestjs/common';
import { ChannelLog } from './channel-log.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelRequests } from './channel-requests.js';
import { ChannelStatus } from './channel-status.js';
import { ChannelSupervisor } from './channel-supervisor.js';
import { ChannelsController } from './channels.controller.js';
import { ConfiguredDestinations } from './configured-destinations.js';
import { Destinations } from './destinations.js';
import { WorkerFactory } from './worker-factory.js';

/** Tells people and programs outside, as the channels file says. */
@Module({
  controllers: [ChannelsController],
  providers: [
    ChannelLog,
    ChannelMetrics,
    ChannelRequests,
    ChannelStatus,
    ChannelSupervisor,
    WorkerFactory,
    { provide: Destinations, useClass: ConfiguredDestinations },
  ],
})
export class ChannelsModule {}
