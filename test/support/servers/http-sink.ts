import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from '../app/certificates.js';

/** One request that a sink got. `at` is milliseconds since some moment of this process. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
  readonly at: number;
}

/** What a sink answers: a status, or one with headers and body; `hang`: nothing at all. */
export type SinkAnswer =
  | number
  | 'hang'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** A web server on loopback that keeps what it gets. */
export class HttpSink {
  readonly received: Received[] = [];
  private readonly waiting = new Set<() => void>();
  private queue: SinkAnswer[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
    /** What it answers when nothing else was asked of it. */
    public answer: SinkAnswer,
  ) {}

  /** Listens on a free port, or on `port`; with TLS where there is a certificate. */
  static async start({
    answer = 200,
    certificate,
    port = 0,
  }: { answer?: SinkAnswer; certificate?: CertificateFiles; port?: number } = {}): Promise<HttpSink> {
    const server = certificate
      ? createSecureServer({ cert: await readFile(certificate.cert), key: await readFile(certificate.key) })
      : createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo;
    const url = certificate ? `https://localhost:${address.port}` : `http://127.0.0.1:${address.port}`;
    const sink = new HttpSink(server, url, answer);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const bytes = Buffer.concat(parts);
        const answered = sink.keep({
          path: request.url ?? '',
          headers: request.headers,
          body: bytes.toString(),
          bytes,
          at: performance.now(),
        });
        if (answered === 'hang') return;
        const {
          status,
          headers = {},
          body = '',
        } = typeof answered === 'number' ? { status: answered } : answered;
        response.writeHead(status, headers).end(body);
      });
    });
    return sink;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Answers the next requests so, one each. */
  next(...answers: SinkAnswer[]): void {
    this.queue.push(...answers);
  }

  /** The first `count` requests, once there are as many. */
  async first(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.waiting.add(resolve));
    return this.received.slice(0, count);
  }

  /** Ends it, with every connection. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private keep(request: Received): SinkAnswer {
    this.received.push(request);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
    return this.queue.shift() ?? this.answer;
  }
}
