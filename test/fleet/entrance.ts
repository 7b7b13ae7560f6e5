import { SecureClient } from '../support/clients/secure-client.js';
import type { FleetInstance } from './fleet-instance.js';

/** What came of a request. */
export interface EntranceAnswer {
  readonly status: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A way into the fleet. Both ways reject when the connection breaks. */
export interface Entrance {
  /** The instance that it leads to, where it leads to one. */
  readonly instance?: string;
  post(csv: string, headers: Record<string, string>): Promise<EntranceAnswer>;
  get(path: string): Promise<EntranceAnswer>;
}

/** Through nginx, to whichever instance. */
export function throughNginx(url: string, ca: Buffer, headers: Record<string, string>): Entrance {
  const client = new SecureClient(url, { ca, headers });
  const read = ({ status, body }: { status: number | undefined; body: string }): EntranceAnswer => ({
    status,
    body: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {},
  });
  return {
    post: async (csv, more) => read(await client.post(csv, more)),
    get: async (path) => read(await client.get(`/api/v1${path}`)),
  };
}

/** To one instance. */
export function directly({ url, name }: FleetInstance, headers: Record<string, string>): Entrance {
  const ask = async (path: string, init: RequestInit): Promise<EntranceAnswer> => {
    const response = await fetch(`${url}/api/v1${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    instance: name,
    post: (csv, more) => {
      const body = new FormData();
      body.set('file', new Blob([csv], { type: 'text/csv' }), 'file.csv');
      return ask('/upload', { method: 'POST', body, headers: { ...headers, ...more } });
    },
    get: (path) => ask(path, { headers }),
  };
}
