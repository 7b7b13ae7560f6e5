import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { buffer } from 'node:stream/consumers';
import { WsClient } from './ws-client.js';

export interface SecureAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the certificate that the server showed. */
  readonly fingerprint: string;
}

/** A caller over TLS who believes the certificates in `ca`. Every request has a connection of its own. */
export class SecureClient {
  constructor(
    private readonly url: string,
    private readonly ca: Buffer,
  ) {}

  async get(path: string): Promise<SecureAnswer> {
    return this.send('GET', path, new Response());
  }

  /** Sends a file. */
  async post(csv: string): Promise<SecureAnswer> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'a.csv');
    return this.send('POST', '/api/v1/upload', new Response(form));
  }

  subscribe(): Promise<WsClient> {
    const url = `${this.url.replace('https', 'wss')}/api/v1/ws/alerts`;
    return WsClient.connect(url, [], {}, { ca: this.ca });
  }

  /** `content` stands for body and content type. */
  private async send(method: string, path: string, content: Response): Promise<SecureAnswer> {
    const headers = Object.fromEntries(content.headers);
    const sent = request(this.url + path, { method, headers, ca: this.ca, agent: false });
    sent.end(Buffer.from(await content.arrayBuffer()));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    if (!(answer.socket instanceof TLSSocket)) throw new Error('The answer did not come over TLS');
    const { fingerprint256 } = answer.socket.getPeerCertificate();
    const body = (await buffer(answer)).toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, body, fingerprint: fingerprint256 };
  }
}
