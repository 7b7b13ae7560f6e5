import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { Authentication } from '../../platform/auth/authentication.js';
import { Problem } from '../../platform/http/problem.js';
import { AlertMessages } from './messages.js';
import { WebSocketTransport } from './websocket-transport.js';
import { Hub } from './hub.js';
import { UNKNOWN_MESSAGE } from './websocket.adapter.js';
import type { OutgoingMessage } from './frame-encoding.js';
import { readFilter, readSubscription, readToken } from './client-protocol.js';

export const ALERTS_PATH = '/api/v1/ws/alerts';

/** Subscribes every WebSocket connection to the alerts, and answers messages of clients. */
@WebSocketGateway({ path: ALERTS_PATH })
export class AlertsGateway
  implements OnGatewayConnection<WebSocketTransport>, OnGatewayDisconnect<WebSocketTransport>
{
  constructor(
    private readonly hub: Hub,
    private readonly messages: AlertMessages,
    private readonly authentication: Authentication,
  ) {}

  handleConnection(socket: WebSocketTransport): void {
    this.hub.open(socket, readSubscription(socket.url, socket.ws.protocol), socket.guest.admission);
  }

  handleDisconnect(socket: WebSocketTransport): void {
    this.hub.closed(socket);
  }

  @SubscribeMessage('ping')
  ping(): OutgoingMessage {
    return this.messages.pong();
  }

  @SubscribeMessage('filter')
  filter(
    @ConnectedSocket() socket: WebSocketTransport,
    @MessageBody() data: unknown,
  ): OutgoingMessage | undefined {
    const session = this.hub.of(socket);
    if (session?.profile !== 'v1') return undefined;
    const filter = readFilter(data);
    if (!filter) {
      const expected = 'Send {"type":"filter","data":{"types":[…],"departments":[…]}} with lists of texts.';
      return this.messages.error('bad_filter', expected);
    }
    session.narrow(filter);
    return undefined;
  }

  /** A new token keeps the connection open for longer; the role of the new token applies from now on. */
  @SubscribeMessage('refresh')
  async refresh(
    @ConnectedSocket() socket: WebSocketTransport,
    @MessageBody() data: unknown,
  ): Promise<OutgoingMessage | undefined> {
    const outcome = await this.readmit(socket, data);
    if (this.hub.of(socket)?.profile !== 'v1') return undefined;
    return 'problem' in outcome
      ? this.messages.error('bad_token', outcome.problem)
      : this.messages.refreshed(outcome.expiresAt);
  }

  @SubscribeMessage(UNKNOWN_MESSAGE)
  unknown(@ConnectedSocket() socket: WebSocketTransport): OutgoingMessage | undefined {
    if (this.hub.of(socket)?.profile !== 'v1') return undefined;
    return this.messages.error(
      'unknown_message',
      'Send "ping", or JSON with the type "ping", "filter" or "refresh".',
    );
  }

  private async readmit(
    socket: WebSocketTransport,
    data: unknown,
  ): Promise<{ expiresAt: number | undefined } | { problem: string }> {
    const token = readToken(data);
    if (token === undefined) return { problem: 'Send {"type":"refresh","data":{"token":"…"}}.' };
    try {
      const admission = await this.authentication.ofToken(token);
      const isSame = this.hub.of(socket)?.readmit(admission) ?? true;
      return isSame
        ? { expiresAt: admission.expiresAt }
        : { problem: 'The token names another subject: open a separate connection for it.' };
    } catch (error) {
      if (error instanceof Problem) return { problem: error.detail };
      throw error;
    }
  }
}
