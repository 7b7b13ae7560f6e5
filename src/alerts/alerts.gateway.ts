import { Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { AlertLog } from '../alert-log/alert-log.js';
import { Config } from '../config/config.js';
import { AlertFeed } from './alert-feed.js';
import { AlertMessages } from './alert-messages.js';
import { AlertSocket } from './alert-socket.js';
import { AlertSubscriber } from './alert-subscriber.js';
import { PLAIN_VIEW, v1View } from './alert-view.js';
import { UNKNOWN_MESSAGE } from './alerts-ws.adapter.js';
import { replayPosition } from './replay-position.js';
import { readFilter, readSubscription, type SubscriptionRequest } from './subscription-request.js';

export const ALERTS_PATH = '/api/v1/ws/alerts';
const TRY_LATER = 1013;

interface Subscription {
  readonly profile: SubscriptionRequest['profile'];
  readonly subscriber: AlertSubscriber;
}

/** Subscribes every connection to the alert feed: plainly, or with replay, filters and positions (v1). */
@WebSocketGateway({ path: ALERTS_PATH })
export class AlertsGateway
  implements
    OnModuleInit,
    BeforeApplicationShutdown,
    OnGatewayConnection<AlertSocket>,
    OnGatewayDisconnect<AlertSocket>
{
  private readonly logger = new Logger(AlertsGateway.name);
  private readonly subscriptions = new Map<AlertSocket, Subscription>();
  private positions: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: AlertLog,
    private readonly feed: AlertFeed,
    private readonly messages: AlertMessages,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.feed.onAdvance(() => {
      for (const { subscriber } of this.subscriptions.values()) subscriber.pump();
    });
    this.positions = setInterval(() => this.tellPositions(), this.config.webSocket.heartbeatMs);
    this.positions.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.positions);
  }

  handleConnection(socket: AlertSocket): void {
    const request = readSubscription(socket.request.url ?? '', socket.ws.protocol);
    socket.send(this.messages.connection());
    const subscriber = this.subscribe(socket, request);
    this.subscriptions.set(socket, { profile: request.profile, subscriber });
    subscriber.pump();
    this.logger.debug({ subscribers: this.subscriptions.size }, 'A subscriber came');
  }

  handleDisconnect(socket: AlertSocket): void {
    this.subscriptions.delete(socket);
    this.logger.debug({ subscribers: this.subscriptions.size }, 'A subscriber went');
  }

  @SubscribeMessage('ping')
  ping(): object {
    return this.messages.pong();
  }

  @SubscribeMessage('filter')
  filter(@ConnectedSocket() socket: AlertSocket, @MessageBody() data: unknown): object | undefined {
    const subscription = this.subscriptions.get(socket);
    if (subscription?.profile !== 'v1') return undefined;
    const filter = readFilter(data);
    if (!filter) {
      const expected = 'Send {"type":"filter","data":{"types":[…],"departments":[…]}} with lists of texts.';
      return this.messages.error('bad_filter', expected);
    }
    subscription.subscriber.narrow(v1View(filter));
    return undefined;
  }

  @SubscribeMessage(UNKNOWN_MESSAGE)
  unknown(@ConnectedSocket() socket: AlertSocket): object | undefined {
    if (this.subscriptions.get(socket)?.profile !== 'v1') return undefined;
    return this.messages.error('unknown_message', 'Send "ping", or JSON with the type "ping" or "filter".');
  }

  private subscribe(socket: AlertSocket, request: SubscriptionRequest): AlertSubscriber {
    const { head } = this.feed;
    const handlers = {
      onReplayed: (count: number, until: number) =>
        socket.sendAlways(this.messages.replayComplete(count, until)),
      onFailure: (error: unknown) => {
        this.logger.error({ err: error }, 'The alert log could not be read for a subscriber');
        socket.close(TRY_LATER, 'The alert log cannot be read; try again later');
      },
    };
    if (request.profile === 'plain') {
      return new AlertSubscriber(this.feed, socket.tcp, { view: PLAIN_VIEW, cursor: head, ...handlers });
    }
    const view = v1View(request.filter);
    const live = { view, cursor: head, ...handlers };
    if (request.resume === undefined) return new AlertSubscriber(this.feed, socket.tcp, live);
    const position = replayPosition(request.resume, this.log);
    if ('after' in position) {
      return new AlertSubscriber(this.feed, socket.tcp, {
        ...live,
        cursor: position.after,
        replayUntil: head,
      });
    }
    const active = this.log.active().filter((event) => view.accepts(event));
    socket.sendAlways(this.messages.snapshot(position.snapshot, head, active));
    return new AlertSubscriber(this.feed, socket.tcp, live);
  }

  private tellPositions(): void {
    for (const [socket, { profile, subscriber }] of this.subscriptions) {
      const id = profile === 'v1' ? subscriber.position : undefined;
      if (id !== undefined) socket.send(this.messages.position(id));
    }
  }
}
