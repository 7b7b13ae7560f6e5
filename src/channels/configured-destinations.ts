import { Injectable } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import type { ReceiverConfig } from '../config/channels-config.js';
import { Config } from '../config/config.js';
import type { ChannelContext } from './channel-context.js';
import { Destinations } from './destinations.js';
import type { Endpoint } from './endpoint.js';
import { livePageLink } from './live-page-link.js';
import { WebhookChannel } from './webhook/webhook.channel.js';

/** The destinations that the channels file names. */
@Injectable()
export class ConfiguredDestinations extends Destinations {
  private readonly endpoints: readonly Endpoint[];

  constructor(config: Config, clock: Clock) {
    super();
    const link = livePageLink(config);
    const context = { clock, timezone: config.alertTimezone, ...(link === undefined ? {} : { link }) };
    this.endpoints = (config.channels?.receivers ?? []).flatMap((receiver) => endpointsOf(receiver, context));
  }

  all(): Promise<readonly Endpoint[]> {
    return Promise.resolve(this.endpoints);
  }

  gone(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async close(): Promise<void> {
    await Promise.all(this.endpoints.map(({ channel }) => channel.close()));
  }
}

function endpointsOf(receiver: ReceiverConfig, context: ChannelContext): Endpoint[] {
  const { name } = receiver;
  switch (receiver.kind) {
    case 'webhook':
      return [{ name, slug: name, receiver, channel: new WebhookChannel(receiver, context) }];
    default:
      throw new Error(`There is no channel of the kind ${receiver.kind} yet`);
  }
}
