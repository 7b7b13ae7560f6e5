import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger, type INestApplication, type WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { from, mergeMap, type Observable } from 'rxjs';
import { WebSocketServer, type RawData } from 'ws';
import { WebSocketAudit } from '../../platform/audit/websocket-audit.js';
import { RateLimiter } from '../../platform/auth/rate-limiter.js';
import { WebSocketAdmission, type AdmittedConnection } from '../../platform/auth/websocket-admission.js';
import { Clock } from '../../lib/clock.js';
import type { WebSocketConfig } from '../../config/config.js';
import { Problem, type ProblemCode, PROBLEMS } from '../../platform/http/problem.js';
import { NOTHING_HERE, PROBLEM_TYPE, problemBody } from '../../platform/http/problem-response.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { WebSocketTransport } from './websocket-transport.js';
import { Hub } from './hub.js';
import { parseClientMessage, V1_PROTOCOL } from './client-protocol.js';
import type { OutgoingMessage } from './frame-encoding.js';
import { MessageLimiter } from './message-limiter.js';
import { NO_STORE, STRICT_POLICY } from '../../platform/http/security-headers.js';
import { codeOf } from '../../lib/error-code.js';

/** A peer that does not read the refusal is disconnected after this long. */
const LINGER_MS = 2_000;

/** Answers a request for an upgrade with a problem, and ends the connection. */
function refuseUpgrade(socket: Duplex, url: string, problem: Problem): void {
  const { status } = PROBLEMS[problem.code];
  const body = JSON.stringify(problemBody(problem, url));
  const headers = {
    ...problem.extras.headers,
    Connection: 'close',
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    // No middleware runs here.
    'Cache-Control': NO_STORE,
    'Content-Security-Policy': STRICT_POLICY,
    'X-Content-Type-Options': 'nosniff',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Messages are small; more fragments than this are an attempt to keep the server busy. */
const MAX_FRAGMENTS = 16;
/** The handler for messages without a handler of their own. */
export const UNKNOWN_MESSAGE = 'unknown';
const UNSUPPORTED_DATA = 1003;

/** The reason under which a refused upgrade is counted; others are counted under the code of the problem. */
const REASONS: Readonly<Partial<Record<ProblemCode, string>>> = {
  not_found: 'no_such_path',
  server_stopping: 'stopping',
  too_many_connections: 'full',
};

/** The reason under which a protocol error of `ws` is counted; any other is counted as `protocol`. */
const MISTAKES: Readonly<Record<string, string>> = {
  WS_ERR_INVALID_UTF8: 'bad_utf8',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'too_big',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'too_many_fragments',
};

/**
 * Serves gateways over `ws`. It adds what the adapter of Nest lacks: admission in the HTTP upgrade, the bare text `ping`,
 * bounds, and the close code 1001 at shutdown. A client is a {@link WebSocketTransport}.
 */
export class AlertsWsAdapter extends WsAdapter {
  private readonly log = new Logger(AlertsWsAdapter.name);
  private readonly server: Server;
  private readonly hub: Hub;
  private readonly metrics: Metrics;
  private readonly admission: WebSocketAdmission;
  private readonly messageLimit: MessageLimiter;
  private readonly clock: Clock;
  private readonly audit: WebSocketAudit;
  private isClosing = false;

  constructor(
    app: INestApplication<Server>,
    private readonly limits: WebSocketConfig,
  ) {
    super(app);
    this.server = app.getHttpServer();
    this.hub = app.get(Hub);
    this.metrics = app.get(Metrics);
    this.admission = app.get(WebSocketAdmission);
    this.messageLimit = new MessageLimiter(app.get(RateLimiter), () => this.count('too_many_messages'));
    this.clock = app.get(Clock);
    this.audit = app.get(WebSocketAudit);
  }

  override create(_port: number, { path }: { path: string }): WebSocketServer {
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.limits.maxPayloadBytes,
      maxFragments: MAX_FRAGMENTS,
      handleProtocols: (offered) => (offered.has(V1_PROTOCOL) ? V1_PROTOCOL : false),
    });
    // Created once: a listener created for a connection would keep its whole request in memory while it lasts.
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
      this.admit(request, socket, path).then(
        ({ guest, tcp }) => {
          sockets.handleUpgrade(request, tcp, head, (ws) => {
            ws.on('error', protocolBroken);
            this.audit.opened(request, guest.admission.caller);
            const settings = { stallLimitMs: this.limits.stallLimitMs, clock: this.clock };
            sockets.emit('connection', new WebSocketTransport(ws, tcp, request.url ?? '', guest, settings));
          });
        },
        (error: unknown) => this.refuse(request, socket, error),
      );
    });
    return sockets;
  }

  override bindClientConnect(server: WebSocketServer, callback: (client: WebSocketTransport) => void): void {
    server.on('connection', callback);
  }

  override bindClientDisconnect({ ws }: WebSocketTransport, callback: (code: number) => void): void {
    ws.once('close', callback);
  }

  /** Passes each message to the handler for its `type`, others to the one for `unknown`, and sends the result. */
  override bindMessageHandlers(
    client: WebSocketTransport,
    handlers: WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    const byType = new Map(handlers.map((handler) => [handler.message, handler.callback]));
    const handle = (data: RawData, isBinary: boolean): void => {
      if (isBinary) {
        this.count('binary');
        client.close(UNSUPPORTED_DATA, 'Send text, not binary');
        return;
      }
      const message = parseClientMessage(textOf(data));
      const handler = byType.get(message?.type ?? UNKNOWN_MESSAGE) ?? byType.get(UNKNOWN_MESSAGE);
      if (!handler) return;
      from(Promise.resolve(handler(message?.data, message?.type)))
        .pipe(mergeMap(transform))
        .subscribe({
          next: (answer) => {
            if (isMessage(answer)) client.send(answer);
          },
          error: (error: unknown) => this.log.error({ err: error }, 'A message handler failed'),
        });
    };
    const limited = (run: () => void): void => this.messageLimit.count(client, run);
    client.ws.on('message', (data: RawData, isBinary: boolean) => limited(() => handle(data, isBinary)));
    client.ws.on('ping', () => limited(() => undefined));
  }

  /** Accepts no more clients, closes all connections, and resolves when they have ended. */
  override async close(server: WebSocketServer): Promise<void> {
    this.isClosing = true;
    await this.hub.endAll();
    for (const ws of server.clients) ws.terminate();
    server.close();
  }

  /** Rejects with the problem that refuses the upgrade. */
  private async admit(
    request: IncomingMessage,
    socket: Duplex,
    path: string,
  ): Promise<{ guest: AdmittedConnection; tcp: Socket }> {
    if ((request.url ?? '').split('?')[0] !== path) throw new Problem('not_found', NOTHING_HERE);
    if (!(socket instanceof Socket)) throw new Problem('bad_request', 'Connect over TCP.');
    this.refuseWhenFull();
    const guest = await this.admission.admit(request, socket);
    // Others may have connected meanwhile.
    this.refuseWhenFull();
    return { guest, tcp: socket };
  }

  private refuseWhenFull(): void {
    const headers = { 'Retry-After': '5' };
    if (this.isClosing)
      throw new Problem('server_stopping', 'Connect again when the server is back.', { headers });
    if (this.hub.isFull)
      throw new Problem('too_many_connections', 'Connect again when others have gone.', { headers });
  }

  private refuse(request: IncomingMessage, socket: Duplex, error: unknown): void {
    const isRefusal = error instanceof Problem;
    if (!isRefusal) this.log.error({ err: error }, 'An upgrade failed');
    const problem = isRefusal ? error : new Problem('internal_error', 'The server failed to answer.');
    this.count(REASONS[problem.code] ?? problem.code);
    this.audit.refused(request, problem);
    refuseUpgrade(socket, request.url ?? '', problem);
  }

  private count(reason: string): void {
    this.metrics.connectionErrors.inc({ channel: 'websocket', reason });
  }
}

function mistakeOf(error: Error): string {
  return MISTAKES[codeOf(error) ?? ''] ?? 'protocol';
}

function isMessage(answer: unknown): answer is OutgoingMessage {
  return typeof answer === 'object' && answer !== null && 'type' in answer;
}

function textOf(data: RawData): string {
  return Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data as Buffer).toString('utf8');
}
