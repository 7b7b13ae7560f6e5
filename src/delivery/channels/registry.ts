import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../lib/clock.js';
import { PushSubscriptionStore } from '../../storage/ports/push-subscription.store.js';
import {
  Destinations,
  type ChannelKind,
  type DestinationSet,
  type Endpoint,
  type KindContext,
} from './destinations.js';
import { emailKind } from './email/email.notifier.js';
import { slackKind } from './slack/slack.notifier.js';
import { teamsKind } from './teams/teams.notifier.js';
import { webPushKind } from './web-push/push-destinations.js';
import { webhookKind } from './webhook/webhook.notifier.js';

/**
 * Every kind of channel, by its name in the channels file. A new kind is a folder beside this file, and an import and a
 * line here.
 */
export const CHANNEL_KINDS = {
  webhook: webhookKind,
  slack: slackKind,
  teams: teamsKind,
  email: emailKind,
  web_push: webPushKind,
} satisfies Readonly<Record<string, ChannelKind>>;
export type ChannelKindName = keyof typeof CHANNEL_KINDS;

/** The names of the kinds. */
export const KIND_NAMES = Object.keys(CHANNEL_KINDS);

/** The destinations of the receivers that the channels file has. */
@Injectable()
export class ConfiguredDestinations extends Destinations {
  private readonly kinds: ReadonlyMap<string, DestinationSet>;

  constructor(
    private readonly config: Config,
    clock: Clock,
    @Inject(PushSubscriptionStore) subscriptions: PushSubscriptionStore,
  ) {
    super();
    const link = livePageLink(config);
    const timezone = config.alertTimezone;
    const context = { clock, timezone, subscriptions, ...(link === undefined ? {} : { link }) };
    this.kinds = new Map(Object.entries(CHANNEL_KINDS).map(opened(config, context)));
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

/** Opens the destinations of one kind. The schema of a kind has read all receivers that bear its name. */
function opened({ channels }: Config, context: KindContext) {
  return ([name, kind]: [string, ChannelKind]): [string, DestinationSet] => [
    name,
    kind.open(
      (channels?.receivers ?? []).filter((receiver) => receiver.kind === name),
      context,
    ),
  ];
}

/** The live page as people reach it; undefined where it is not served, or its port is not known before. */
function livePageLink({ publicUrl, host, port, security }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (!security.livePage || port === 0) return undefined;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `${security.tls ? 'https' : 'http'}://${authority}:${port}/`;
}
