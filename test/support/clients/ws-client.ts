import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Frame = Record<string, unknown> & { type: string; id?: string; data?: Record<string, unknown> };

/** A WebSocket client that keeps every frame. Nothing is waited for by the clock. */
export class WsClient {
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString('utf8')) as Frame);
      for (const check of this.waiting) check();
    });
    socket.on('close', () => {
      for (const check of this.waiting) check();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code: number, reason: Buffer) =>
        resolve({ code, reason: reason.toString('utf8') }),
      );
    });
  }

  /** Connects and waits for the first frame. */
  static async connect(
    url: string,
    protocols: string[] = [],
    headers: Record<string, string> = {},
    tls: { ca?: Buffer } = {},
  ): Promise<WsClient> {
    const client = new WsClient(new WebSocket(url, protocols, { headers, ...tls }));
    await Promise.race([
      client.until((frames) => frames.length > 0),
      once(client.socket, 'error').then(([error]: unknown[]) => {
        throw error;
      }),
    ]);
    return client;
  }

  /** Resolves when the frames satisfy the predicate; rejects when the connection ends before. */
  until(satisfied: (frames: readonly Frame[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (satisfied(this.frames)) resolve();
        else if (this.socket.readyState === WebSocket.CLOSED) reject(new Error('The connection was closed'));
        else return;
        this.waiting.delete(check);
      };
      this.waiting.add(check);
      check();
    });
  }

  /** All frames that the server had sent when it answered this ping. */
  async flushed(): Promise<readonly Frame[]> {
    const pongs = this.count('pong');
    this.socket.send('ping');
    await this.until(() => this.count('pong') > pongs);
    return this.frames;
  }

  /** The alerts so far. */
  get alerts(): Frame[] {
    return this.frames.filter(({ type }) => type !== 'connection' && type !== 'pong');
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  private count(type: string): number {
    return this.frames.filter((frame) => frame.type === type).length;
  }
}
