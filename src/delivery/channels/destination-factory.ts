import { Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import type { ReceiverConfig } from '../../config/channels-config.js';
import { Config } from '../../config/config.js';
import { contextOf, type NotifierContext } from './notifier-context.js';
import { Destinations, onlyOf, severalOf, type Endpoint } from './destinations.js';
import { EmailNotifier } from './email/email.notifier.js';
import { SlackNotifier } from './slack/slack.notifier.js';
import { TeamsNotifier } from './teams/teams.notifier.js';
import { PushDestinations } from './web-push/push-destinations.js';
import { PushReceivers } from './web-push/push-subscriptions.js';
import { WebhookNotifier } from './webhook/webhook.notifier.js';

/** The destinations that the channels file names, and the devices that are subscribed. */
@Injectable()
export class ConfiguredDestinations extends Destinations {
  private readonly named: readonly Endpoint[];

  constructor(
    config: Config,
    clock: Clock,
    private readonly devices: PushDestinations,
    private readonly pushReceivers: PushReceivers,
  ) {
    super();
    const context = contextOf(config, clock);
    this.named = (config.channels?.receivers ?? []).flatMap((receiver) => namedBy(receiver, context));
  }

  async all(): Promise<readonly Endpoint[]> {
    return [...this.named, ...(await this.devices.all())];
  }

  comeAndGo(receiver: string): boolean {
    return this.pushReceivers.find(receiver) !== undefined;
  }

  async gone(endpoint: Endpoint): Promise<boolean> {
    if (!this.comeAndGo(endpoint.receiver.name)) return false;
    await this.devices.remove(endpoint);
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.named.map(({ channel }) => channel.close()));
    this.devices.close();
  }
}

function namedBy(receiver: ReceiverConfig, context: NotifierContext): Endpoint[] {
  switch (receiver.kind) {
    case 'webhook':
      return [onlyOf(receiver, new WebhookNotifier(receiver, context))];
    case 'slack':
      return [onlyOf(receiver, new SlackNotifier(receiver, context))];
    case 'teams':
      return [onlyOf(receiver, new TeamsNotifier(receiver, context))];
    case 'email':
      return receiver.to.map((to) => severalOf(receiver, to, new EmailNotifier(receiver, to, context)));
    case 'web_push':
      return [];
  }
}
