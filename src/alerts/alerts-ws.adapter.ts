import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger, type INestApplication } from '@nestjs/common';
import type { WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { from, mergeMap, type Observable } from 'rxjs';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { WebSocketConfig } from '../config/config.js';
import { AlertSocket } from './alert-socket.js';
import { parseClientMessage } from './client-message.js';
import { Heartbeat } from './heartbeat.js';
import { V1_PROTOCOL } from './subscription-request.js';

/** A message is small; more pieces than this are an attempt to keep the server busy. */
const MAX_FRAGMENTS = 16;
/** How long a peer has to answer our close frame. */
const CLOSE_TIMEOUT_MS = 2_000;
const GOING_AWAY = 1001;
/** The handler for whatever no other handler is for. */
export const UNKNOWN_MESSAGE = 'unknown';
const UNSUPPORTED_DATA = 1003;

/**
 * Serves gateways over `ws`. What Nest's own adapter lacks: admission in the HTTP upgrade, the bare text `ping`,
 * heartbeats, bounds, and a goodbye (1001) at shutdown. A client is an {@link AlertSocket}.
 */
export class AlertsWsAdapter extends WsAdapter {
  private readonly log = new Logger(AlertsWsAdapter.name);
  private readonly server: Server;
  private isClosing = false;
  private readonly heartbeats = new Map<WebSocketServer, Heartbeat>();

  constructor(
    app: INestApplication<Server>,
    private readonly limits: WebSocketConfig,
  ) {
    super(app);
    this.server = app.getHttpServer();
  }

  override create(_port: number, { path }: { path: string }): WebSocketServer {
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.limits.maxPayloadBytes,
      maxFragments: MAX_FRAGMENTS,
      handleProtocols: (offered) => (offered.has(V1_PROTOCOL) ? V1_PROTOCOL : false),
    });
    const heartbeat = new Heartbeat(this.limits.heartbeatMs, () => sockets.clients);
    this.heartbeats.set(sockets, heartbeat);
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', (error) => this.log.debug({ err: error }, 'A connection broke'));
      const refusal = this.refuse(request, socket, path, sockets.clients.size);
      if (refusal !== undefined || !(socket instanceof Socket)) {
        refuseUpgrade(socket, refusal ?? 400);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', (error) => this.log.debug({ err: error }, 'A client broke the protocol'));
        heartbeat.watch(ws);
        sockets.emit('connection', new AlertSocket(ws, socket, request));
      });
    });
    return sockets;
  }

  override bindClientConnect(server: WebSocketServer, callback: (client: AlertSocket) => void): void {
    server.on('connection', callback);
  }

  override bindClientDisconnect({ ws }: AlertSocket, callback: (code: number) => void): void {
    ws.once('close', callback);
  }

  /** Hands each message to the handler for its `type`, others to that for `unknown`, and sends what it answers. */
  override bindMessageHandlers(
    client: AlertSocket,
    handlers: WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    const byType = new Map(handlers.map((handler) => [handler.message, handler.callback]));
    client.ws.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) {
        client.close(UNSUPPORTED_DATA, 'Send text, not binary');
        return;
      }
      const message = parseClientMessage(textOf(data));
      const handle = byType.get(message?.type ?? UNKNOWN_MESSAGE) ?? byType.get(UNKNOWN_MESSAGE);
      if (!handle) return;
      from(Promise.resolve(handle(message?.data, message?.type)))
        .pipe(mergeMap(transform))
        .subscribe({
          next: (answer) => {
            if (typeof answer === 'object' && answer !== null) client.send(answer);
          },
          error: (error: unknown) => this.log.error({ err: error }, 'A message handler failed'),
        });
    });
  }

  /** Takes no more clients, says goodbye to those that are there, and resolves when all are gone. */
  override async close(server: WebSocketServer): Promise<void> {
    this.isClosing = true;
    this.heartbeats.get(server)?.stop();
    await Promise.all([...server.clients].map(sayGoodbye));
    server.close();
  }

  private refuse(
    request: IncomingMessage,
    socket: Duplex,
    path: string,
    connected: number,
  ): number | undefined {
    if ((request.url ?? '').split('?')[0] !== path) return 404;
    if (this.isClosing || connected >= this.limits.maxConnections || socket.destroyed) return 503;
    return undefined;
  }
}

function refuseUpgrade(socket: Duplex, status: number): void {
  const retry = status === 503 ? 'Retry-After: 5\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function textOf(data: RawData): string {
  return Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data as Buffer).toString('utf8');
}

function sayGoodbye(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS);
    ws.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    ws.close(GOING_AWAY, 'The server is going away; reconnect with the last id');
  });
}
