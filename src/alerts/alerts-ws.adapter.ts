import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger, type INestApplication } from '@nestjs/common';
import type { WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { from, mergeMap, type Observable } from 'rxjs';
import { WebSocketServer, type RawData } from 'ws';
import type { WebSocketConfig } from '../config/config.js';
import type { Metrics } from '../metrics/metrics.js';
import { AlertSocket } from './alert-socket.js';
import type { AlertSubscriptions } from './alert-subscriptions.js';
import { parseClientMessage } from './client-message.js';
import type { OutgoingMessage } from './frame-encoding.js';
import { V1_PROTOCOL } from './subscription-request.js';

/** A message is small; more pieces than this are an attempt to keep the server busy. */
const MAX_FRAGMENTS = 16;
/** The handler for whatever no other handler is for. */
export const UNKNOWN_MESSAGE = 'unknown';
const UNSUPPORTED_DATA = 1003;

/** Why an upgrade is refused, and the HTTP status that says so. */
const REFUSALS = { no_such_path: 404, bad_request: 400, stopping: 503, full: 503 } as const;
type Refusal = keyof typeof REFUSALS;

/** What `ws` calls a peer's mistakes, by the reason under which they are counted; anything else is `protocol`. */
const MISTAKES: Readonly<Record<string, string>> = {
  WS_ERR_INVALID_UTF8: 'bad_utf8',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'too_big',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'too_many_fragments',
};

/**
 * Serves gateways over `ws`. What Nest's own adapter lacks: admission in the HTTP upgrade, the bare text `ping`, bounds,
 * and a goodbye (1001) at shutdown. A client is an {@link AlertSocket}.
 */
export class AlertsWsAdapter extends WsAdapter {
  private readonly log = new Logger(AlertsWsAdapter.name);
  private readonly server: Server;
  private isClosing = false;

  constructor(
    app: INestApplication<Server>,
    private readonly limits: WebSocketConfig,
    private readonly subscriptions: AlertSubscriptions,
    private readonly metrics: Metrics,
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
    // Made here, once: a listener made for a connection would keep its whole request for as long as it lasts.
    const connectionBroke = (error: Error): void => {
      this.count('broken');
      this.log.debug({ err: error }, 'A connection broke');
    };
    const protocolBroken = (error: Error): void => {
      this.count(mistakeOf(error));
      this.log.debug({ err: error }, 'A client broke the protocol');
    };
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', connectionBroke);
      const refusal = this.refusal(request, socket, path);
      if (refusal !== undefined || !(socket instanceof Socket)) {
        this.refuseUpgrade(socket, refusal ?? 'bad_request');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', protocolBroken);
        sockets.emit('connection', new AlertSocket(ws, socket, request.url ?? '', this.limits.stallLimitMs));
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
        this.count('binary');
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
            if (isMessage(answer)) client.send(answer);
          },
          error: (error: unknown) => this.log.error({ err: error }, 'A message handler failed'),
        });
    });
  }

  /** Takes no more clients, says goodbye to those that are there, and resolves when all are gone. */
  override async close(server: WebSocketServer): Promise<void> {
    this.isClosing = true;
    await this.subscriptions.endAll();
    for (const ws of server.clients) ws.terminate();
    server.close();
  }

  private refusal(request: IncomingMessage, socket: Duplex, path: string): Refusal | undefined {
    if ((request.url ?? '').split('?')[0] !== path) return 'no_such_path';
    if (this.isClosing || socket.destroyed) return 'stopping';
    return this.subscriptions.isFull ? 'full' : undefined;
  }

  private refuseUpgrade(socket: Duplex, refusal: Refusal): void {
    this.count(refusal);
    const status = REFUSALS[refusal];
    const retry = status === 503 ? 'Retry-After: 5\r\n' : '';
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  }

  private count(reason: string): void {
    this.metrics.connectionErrors.inc({ channel: 'websocket', reason });
  }
}

function mistakeOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return MISTAKES[code] ?? 'protocol';
}

function isMessage(answer: unknown): answer is OutgoingMessage {
  return typeof answer === 'object' && answer !== null && 'type' in answer;
}

function textOf(data: RawData): string {
  return Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data as Buffer).toString('utf8');
}
