import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { SseClient } from './sse-client.js';
import { WsClient } from './ws-client.js';

export interface SecureAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the certificate that the server showed. */
  readonly fingerprint: string;
}

/** Whom it believes, and how it is seen. */
export interface SecureOptions {
  /** The certificates that it believes. */
  readonly ca: Buffer;
  /** Go with every request. */
  readonly headers?: Record<string, string>;
  /** The address that it comes from. */
  readonly localAddress?: string;
}

/** A caller over TLS. Every request has a connection of its own. */
export class SecureClient {
  constructor(
    private readonly url: string,
    private readonly options: SecureOptions,
  ) {}

  /** The same, with other headers and the like. */
  as(options: Partial<SecureOptions>): SecureClient {
    return new SecureClient(this.url, { ...this.options, ...options });
  }

  async get(path: string): Promise<SecureAnswer> {
    return this.send('GET', path, new Response());
  }

  /** Sends a file. */
  async post(csv: string, headers: Record<string, string> = {}): Promise<SecureAnswer> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'a.csv');
    return this.send('POST', '/api/v1/upload', new Response(form, { headers }));
  }

  subscribe(query = ''): Promise<WsClient> {
    const url = `${this.url.replace('https', 'wss')}/api/v1/ws/alerts${query}`;
    return WsClient.connect(url, [], this.options.headers, { ca: this.options.ca });
  }

  /** Reads a stream of server-sent events. */
  async stream(path: string): Promise<SseClient> {
    const answer = await this.ask('GET', path, new Response());
    const body = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
    return SseClient.of(new Response(body, { status: answer.statusCode ?? 0 }), () => answer.destroy());
  }

  /** `content` stands for body and headers. */
  async send(method: string, path: string, content: Response): Promise<SecureAnswer> {
    const answer = await this.ask(method, path, content);
    if (!(answer.socket instanceof TLSSocket)) throw new Error('The answer did not come over TLS');
    const { fingerprint256 } = answer.socket.getPeerCertificate();
    const body = (await buffer(answer)).toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, body, fingerprint: fingerprint256 };
  }

  private async ask(method: string, path: string, content: Response): Promise<IncomingMessage> {
    const { headers: own, ...options } = this.options;
    const headers = { ...own, ...Object.fromEntries(content.headers) };
    const sent = request(this.url + path, { ...options, method, headers, agent: false });
    const body = Buffer.from(await content.arrayBuffer());
    sent.end(body.length > 0 ? body : undefined);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    // An answer may come while the request is still being sent, and break that off.
    sent.on('error', () => undefined);
    return answer;
  }
}
