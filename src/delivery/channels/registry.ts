import { Inject, Injectable } from '@nestjs/common';
import type { ReceiverKind } from '../../config/channels-config.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../lib/clock.js';
import { PushSubscriptionStore } from '../../storage/ports/push-subscription.store.js';
import {
  Destinations,
  type ChannelKind,
  type DestinationSet,
  type Endpoint,
  type KindContext,
  type ReceiverOf,
} from './destinations.js';
import { emailChannels } from './email/email.notifier.js';
import { slackChannels } from './slack/slack.notifier.js';
import { teamsChannels } from './teams/teams.notifier.js';
import { webPushChannels } from './web-push/push-destinations.js';
import { webhookChannels } from './webhook/webhook.notifier.js';

/** Every kind of channel, and what opens it. A new kind is a folder beside this file and a line here. */
export const CHANNEL_KINDS: { readonly [Kind in ReceiverKind]: ChannelKind<Kind> } = {
  webhook: webhookChannels,
  slack: slackChannels,
  teams: teamsChannels,
  email: emailChannels,
  web_push: webPushChannels,
};

/** The names of the kinds. */
export const KIND_NAMES = Object.keys(CHANNEL_KINDS) as ReceiverKind[];

/** The destinations of the receivers that the channels file has. */
@Injectable()
export class ConfiguredDestinations extends Destinations {
  private readonly kinds: ReadonlyMap<ReceiverKind, DestinationSet>;

  constructor(
    private readonly config: Config,
    clock: Clock,
    @Inject(PushSubscriptionStore) subscriptions: PushSubscriptionStore,
  ) {
    super();
    const link = livePageLink(config);
    const timezone = config.alertTimezone;
    const context = { clock, timezone, subscriptions, ...(link === undefined ? {} : { link }) };
    this.kinds = new Map(KIND_NAMES.map((kind) => opened(kind, config, context)));
  }

  async all(): Promise<readonly Endpoint[]> {
    return (await Promise.all([...this.kinds.values()].map((kind) => kind.all()))).flat();
  }

  areSubscribed(receiver: string): boolean {
    return this.kindOf(receiver)?.forget !== undefined;
  }

  async forget(endpoint: Endpoint): Promise<boolean> {
    const kind = this.kindOf(endpoint.receiver.name);
    if (kind?.forget === undefined) return false;
    await kind.forget(endpoint);
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.kinds.values()].map((kind) => kind.close()));
  }

  private kindOf(receiver: string): DestinationSet | undefined {
    const found = this.config.channels?.receivers.find(({ name }) => name === receiver);
    return found && this.kinds.get(found.kind);
  }
}

function opened<Kind extends ReceiverKind>(
  kind: Kind,
  { channels }: Config,
  context: KindContext,
): [Kind, DestinationSet] {
  const isOfKind = (receiver: { readonly kind: ReceiverKind }): receiver is ReceiverOf<Kind> =>
    receiver.kind === kind;
  return [kind, CHANNEL_KINDS[kind]((channels?.receivers ?? []).filter(isOfKind), context)];
}

/** The live page as people reach it; undefined where it is not served, or its port is not known before. */
function livePageLink({ publicUrl, host, port, security }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (!security.livePage || port === 0) return undefined;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `${security.tls ? 'https' : 'http'}://${authority}:${port}/`;
}
