import type { Frame } from './ws-client.js';

/** One event as it stood in the stream. */
export interface StreamEvent {
  readonly id?: string;
  readonly event: string;
  readonly frame: Frame;
}

/** A client of a `text/event-stream` that keeps every event. Nothing is waited for by the clock. */
export class SseClient {
  readonly events: StreamEvent[] = [];
  /** Resolves when the stream has ended, by whomever. */
  readonly ended: Promise<void>;
  private readonly waiting = new Set<() => void>();
  private hasEnded = false;

  private constructor(
    readonly response: Response,
    private readonly stop: () => void,
  ) {
    this.ended = this.read();
  }

  /** Connects; rejects when the answer is not a stream. */
  static async connect(
    url: string,
    lastEventId?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<SseClient> {
    const stop = new AbortController();
    const headers = { ...more, ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) };
    return SseClient.of(await fetch(url, { headers, signal: stop.signal }), () => stop.abort());
  }

  /** Reads an answer; `stop` breaks it off. Rejects when it is not a stream. */
  static async of(response: Response, stop: () => void): Promise<SseClient> {
    if (response.status !== 200)
      throw new Error(`The stream answered ${response.status}: ${await response.text()}`);
    return new SseClient(response, stop);
  }

  get frames(): Frame[] {
    return this.events.map(({ frame }) => frame);
  }

  /** Resolves when the frames satisfy the predicate; rejects when the stream ends before. */
  until(satisfied: (frames: readonly Frame[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (satisfied(this.frames)) resolve();
        else if (this.hasEnded) reject(new Error('The stream has ended'));
        else return;
        this.waiting.delete(check);
      };
      this.waiting.add(check);
      check();
    });
  }

  /** Breaks the connection off. */
  async close(): Promise<void> {
    this.stop();
    await this.ended;
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      for await (const chunk of this.response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
        for (const check of this.waiting) check();
      }
    } catch {
      // Broken off, by close() or by the server: what came before counts.
    }
    this.hasEnded = true;
    for (const check of this.waiting) check();
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 2)] as const;
      }),
    );
    const [event, data, id] = [fields.get('event'), fields.get('data'), fields.get('id')];
    if (event === undefined || data === undefined) return;
    this.events.push({ event, frame: JSON.parse(data) as Frame, ...(id === undefined ? {} : { id }) });
  }
}
