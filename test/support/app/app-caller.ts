import type { TestApp } from './app.js';
import { tokenOf, type Claims } from '../servers/issuer.js';
import { SseClient } from '../clients/sse-client.js';
import { WsClient } from '../clients/ws-client.js';

/** What a request got. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** An application in this process or another. */
type Server = Pick<TestApp, 'url' | 'request'>;

/** Somebody with a token, at whatever application it is given. */
export class AppCaller {
  constructor(private readonly claims: Claims) {}

  async headers(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await tokenOf(this.claims)}` };
  }

  /** Sends a request, with JSON where there is a body. */
  async call(app: Server, method: string, path: string, body?: unknown): Promise<Answer> {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return this.send(app, method, path, {
      headers: json,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Sends a request as it is. */
  async send(
    app: Server,
    method: string,
    path: string,
    { headers, ...rest }: { headers?: Record<string, string>; body?: string },
  ): Promise<Answer> {
    const response = await app.request(`/api/v1${path}`, {
      method,
      headers: { ...(await this.headers()), ...headers },
      ...rest,
    });
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, body, headers: response.headers };
  }

  /** The items of a list. */
  async items<Item = Record<string, unknown>>(app: Server, path: string): Promise<Item[]> {
    return (await this.call(app, 'GET', path)).body.items as Item[];
  }

  async subscribe(app: Server, query = ''): Promise<WsClient> {
    const url = `${app.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`;
    return WsClient.connect(url, [], await this.headers());
  }

  async stream(app: Server, query = ''): Promise<SseClient> {
    return SseClient.connect(`${app.url}/api/v1/alerts/stream${query}`, undefined, await this.headers());
  }
}
