import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../support/generators/random.js';
import type { Frame } from '../support/clients/ws-client.js';
import { Caller, LostAnswer, RefusedError, type Page } from './caller.js';
import type { ServerLives } from './server-lives.js';

/** A client that asks again and again for what came after the last id: it must get the whole log, each event once. */
export class PollingFollower {
  readonly problems: string[] = [];
  frames = 0;
  private readonly received: Frame[] = [];
  private position = 'earliest';
  /** Everything after this id must be received. */
  private begin = 0;
  private isFinishing = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly lives: ServerLives,
    private readonly random: Random,
    /** The last event that may be gone before it was read. */
    private readonly oldId: number,
  ) {}

  /** Asks whenever something may have happened, until {@link finish}; and once more after that. */
  async run(): Promise<void> {
    for (let isLast = false; ; isLast = this.isFinishing) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await this.catchUp();
      if (isLast) return;
      if (!this.isFinishing) await woken;
    }
  }

  /** Something may have happened. */
  nudge(): void {
    this.wake();
  }

  finish(): void {
    this.isFinishing = true;
    this.wake();
  }

  /** Compares what it received with the whole log. */
  compare(log: readonly Frame[]): void {
    const due = log.filter(({ id }) => Number(id) > this.begin);
    if (isDeepStrictEqual(this.received, due)) return;
    const at = due.findIndex((event, index) => !isDeepStrictEqual(event, this.received[index]));
    this.problems.push(`polling: ${this.received.length} events of ${due.length}, other at ${at}`);
  }

  private async catchUp(): Promise<void> {
    const limit = this.random.pick([3, 40, 500]);
    for (let cursor: string | null | undefined; cursor !== null;) {
      const caller = new Caller(this.lives, await this.lives.listening(0));
      const isByPosition = cursor === undefined || this.random.next() < 0.5;
      try {
        cursor = await this.ask(caller, isByPosition ? `after=${this.position}` : `cursor=${cursor}`, limit);
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error;
      }
    }
  }

  /** Answers the cursor of the next page; undefined where the position has to be found again. */
  private async ask(caller: Caller, from: string, limit: number): Promise<string | null | undefined> {
    try {
      const page = await caller.json<Page<Frame>>('GET', `/alerts?${from}&limit=${limit}`);
      this.received.push(...page.items.filter(({ id }) => Number(id) > this.oldId));
      this.frames += page.items.length;
      this.position = page.position ?? 'none';
      return page.next_cursor;
    } catch (error) {
      const isGone = error instanceof RefusedError && error.status === 410;
      if (!isGone || (this.position !== 'earliest' && Number(this.position) >= this.oldId)) throw error;
      // As the problem says: read what fires, and go on from there.
      const { position } = await caller.json<Page<Frame>>('GET', '/alerts/active');
      this.begin = Number(position);
      this.position = position ?? 'none';
      return undefined;
    }
  }
}
