import type { Frame } from '../support/clients/ws-client.js';
import type { LiveServer, ServerLives } from './server-lives.js';

/** The server went away, or was about to, before it answered: whether it did what was asked is not known. */
export class LostAnswer extends Error {}

/** An answer that is not a success. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
  readonly position?: string | null;
}

/** Asks one life of the server over REST. */
export class Caller {
  constructor(
    private readonly lives: Pick<ServerLives, 'isStopping'>,
    readonly server: Pick<LiveServer, 'url' | 'gone'>,
    /** Go with every request. */
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The JSON of an answer. Throws LostAnswer and RefusedError. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const content =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return (await this.send(path, { method, ...content })) as T;
  }

  /** Sends a CSV; answers the id of the upload. Throws as {@link json} does. */
  async upload(csv: string): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'file.csv');
    const { task_id } = (await this.send('/upload', { method: 'POST', body: form })) as { task_id: string };
    return task_id;
  }

  /** Every item of a list. */
  async all<T>(path: string, limit: number): Promise<T[]> {
    const items: T[] = [];
    let cursor = '';
    do {
      const page = await this.json<Page<T>>('GET', `${path}?limit=${limit}${cursor}`);
      items.push(...page.items);
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    return items;
  }

  /** The whole log, oldest first. */
  async log(): Promise<Frame[]> {
    return (await this.all<Frame>('/alerts', 500)).reverse();
  }

  private async send(path: string, init: RequestInit): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
      response = await fetch(`${this.server.url}/api/v1${path}`, { ...init, headers });
      text = await response.text();
    } catch (error) {
      // The connection broke: only a server that goes away may do so.
      await this.server.gone;
      throw new LostAnswer(String(error));
    }
    if (response.ok) return JSON.parse(text);
    if (response.status === 503 && this.lives.isStopping) {
      await this.server.gone;
      throw new LostAnswer(text);
    }
    const request = `${init.method ?? 'GET'} ${path}`;
    throw new RefusedError(`${request} answered ${response.status}: ${text}`, response.status);
  }
}
