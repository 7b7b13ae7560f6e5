import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { AlertMessages } from './alert-messages.js';
import { AlertSocket } from './alert-socket.js';
import { AlertSubscriptions } from './alert-subscriptions.js';
import { UNKNOWN_MESSAGE } from './alerts-ws.adapter.js';
import type { OutgoingMessage } from './frame-encoding.js';
import { readFilter, readSubscription } from './subscription-request.js';

export const ALERTS_PATH = '/api/v1/ws/alerts';

/** Subscribes every WebSocket connection to the alerts, and answers what clients say. */
@WebSocketGateway({ path: ALERTS_PATH })
export class AlertsGateway implements OnGatewayConnection<AlertSocket>, OnGatewayDisconnect<AlertSocket> {
  constructor(
    private readonly subscriptions: AlertSubscriptions,
    private readonly messages: AlertMessages,
  ) {}

  handleConnection(socket: AlertSocket): void {
    this.subscriptions.open(socket, readSubscription(socket.url, socket.ws.protocol));
  }

  handleDisconnect(socket: AlertSocket): void {
    this.subscriptions.closed(socket);
  }

  @SubscribeMessage('ping')
  ping(): OutgoingMessage {
    return this.messages.pong();
  }

  @SubscribeMessage('filter')
  filter(@ConnectedSocket() socket: AlertSocket, @MessageBody() data: unknown): OutgoingMessage | undefined {
    const subscription = this.subscriptions.of(socket);
    if (subscription?.profile !== 'v1') return undefined;
    const filter = readFilter(data);
    if (!filter) {
      const expected = 'Send {"type":"filter","data":{"types":[…],"departments":[…]}} with lists of texts.';
      return this.messages.error('bad_filter', expected);
    }
    subscription.narrow(filter);
    return undefined;
  }

  @SubscribeMessage(UNKNOWN_MESSAGE)
  unknown(@ConnectedSocket() socket: AlertSocket): OutgoingMessage | undefined {
    if (this.subscriptions.of(socket)?.profile !== 'v1') return undefined;
    return this.messages.error('unknown_message', 'Send "ping", or JSON with the type "ping" or "filter".');
  }
}
