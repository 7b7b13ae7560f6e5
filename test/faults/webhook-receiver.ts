import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { webhook, WEBHOOK_SECRET } from '../support/app/channels-file.js';
import type { Random } from '../support/generators/random.js';
import type { Frame } from '../support/clients/ws-client.js';

interface Taken {
  readonly id: string;
  readonly message: Frame;
}

/**
 * A program that gets every event by webhook. A moody one refuses, hangs up, or takes a message and hangs up before it
 * says so: it must get the whole log all the same, each event once but for repeats under the same id.
 */
export class WebhookReceiver {
  readonly problems: string[] = [];
  readonly taken: Taken[] = [];
  private readonly verifier = new Webhook(WEBHOOK_SECRET);
  private readonly waiting = new Set<() => void>();
  private unsaid = 0;

  private constructor(
    readonly name: string,
    private readonly server: Server,
    private readonly moods: Random | undefined,
  ) {}

  /** `moods` absent: it takes whatever comes. */
  static async start(name: string, moods?: Random): Promise<WebhookReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(name, server, moods);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      receiver.answer(request, response).catch((error: unknown) => receiver.complain(String(error)));
    });
    return receiver;
  }

  /** As it stands in a channels file. */
  get config(): object {
    const { port } = this.server.address() as AddressInfo;
    return webhook(this.name, `http://127.0.0.1:${port}/`, { retry_max: '1s' });
  }

  /** Resolves when it has taken the event. */
  async until(eventId: string | undefined): Promise<void> {
    const has = () => eventId === undefined || this.taken.some(({ message }) => message.id === eventId);
    while (!has()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  /**
   * Compares what it took with the log after `oldId`, without the ends of what began before. After a kill, and where it
   * did not say that it took one, one may be repeated.
   */
  compare(whole: readonly Frame[], ends: number, oldId: number): void {
    const log = whole.filter(({ data }) => Number(data?.raised_id ?? Infinity) > oldId);
    const first = new Map(this.taken.map(({ id, message }) => [id, message]));
    for (const { id, message } of this.taken)
      if (!isDeepStrictEqual(first.get(id), message)) this.complain(`the id ${id} had two contents`);
    const once = [...first.values()];
    if (!isDeepStrictEqual(once, log)) {
      const at = log.findIndex((event, index) => !isDeepStrictEqual(event, once[index]));
      const [mine, theirs] = [once[at], log[at]].map((frame) => JSON.stringify(frame));
      this.complain(`${once.length} events of ${log.length}; at ${at} got ${mine} instead of ${theirs}`);
    }
    const repeats = this.taken.length - first.size;
    if (repeats > ends + this.unsaid)
      this.complain(`${repeats} repeats after ${ends} ends and ${this.unsaid} answers that were lost`);
    const late = this.taken.find(({ id }, index) => index > 0 && this.isLate(id, index));
    if (late) this.complain(`a repeat of ${late.id} after later events`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Whether a message was taken before, and others since. */
  private isLate(id: string, index: number): boolean {
    const before = this.taken.findLastIndex((taken, at) => at < index && taken.id === id);
    return before !== -1 && before < index - 1;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return; // The server was killed while it sent.
    }
    const mood = this.moods?.next() ?? 1;
    if (mood < 0.03) response.writeHead(503).end();
    else if (mood < 0.04) response.writeHead(429, { 'Retry-After': '0' }).end();
    else if (mood < 0.05) request.socket.destroy();
    else {
      this.take(request, Buffer.concat(parts).toString());
      if (mood < 0.07) {
        this.unsaid += 1;
        request.socket.destroy();
      } else response.writeHead(204).end();
    }
  }

  private take({ headers }: IncomingMessage, body: string): void {
    try {
      this.verifier.verify(body, headers as Record<string, string>);
    } catch (error) {
      this.complain(`a message that does not verify: ${String(error)}`);
    }
    this.taken.push({ id: String(headers['webhook-id']), message: JSON.parse(body) as Frame });
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  private complain(problem: string): void {
    if (this.problems.length < 5) this.problems.push(`${this.name}: ${problem}`);
  }
}
