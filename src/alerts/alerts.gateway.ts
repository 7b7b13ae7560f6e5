import { Logger, type OnModuleInit } from '@nestjs/common';
import {
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { AlertFeed } from './alert-feed.js';
import { AlertMessages } from './alert-messages.js';
import { AlertSubscriber } from './alert-subscriber.js';
import type { AlertSocket } from './alert-socket.js';
import { PLAIN_VIEW } from './alert-view.js';

export const ALERTS_PATH = '/api/v1/ws/alerts';
const TRY_LATER = 1013;

/** Subscribes every connection to the alert feed, and answers pings. */
@WebSocketGateway({ path: ALERTS_PATH })
export class AlertsGateway
  implements OnModuleInit, OnGatewayConnection<AlertSocket>, OnGatewayDisconnect<AlertSocket>
{
  private readonly logger = new Logger(AlertsGateway.name);
  private readonly subscribers = new Map<AlertSocket, AlertSubscriber>();

  constructor(
    private readonly feed: AlertFeed,
    private readonly messages: AlertMessages,
  ) {}

  onModuleInit(): void {
    this.feed.onAdvance(() => {
      for (const subscriber of this.subscribers.values()) subscriber.pump();
    });
  }

  handleConnection(socket: AlertSocket): void {
    socket.send(this.messages.connection());
    const subscriber = new AlertSubscriber(this.feed, PLAIN_VIEW, socket.tcp, this.feed.head, (error) => {
      this.logger.error({ err: error }, 'The alert log could not be read for a subscriber');
      socket.close(TRY_LATER, 'The alert log cannot be read; try again later');
    });
    this.subscribers.set(socket, subscriber);
    this.logger.debug({ subscribers: this.subscribers.size }, 'A subscriber came');
  }

  handleDisconnect(socket: AlertSocket): void {
    this.subscribers.delete(socket);
    this.logger.debug({ subscribers: this.subscribers.size }, 'A subscriber went');
  }

  @SubscribeMessage('ping')
  ping(): object {
    return this.messages.pong();
  }
}
