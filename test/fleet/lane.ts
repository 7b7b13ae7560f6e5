import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/generators/random.js';
import type { Entrance, EntranceAnswer } from './entrance.js';
import { LaneWriter, type LaneFile } from './lane-writer.js';

/** Between two questions, or attempts: without a pause the lanes would be all that the machine does. */
const PAUSE_MS = 50;
/** The share of answers that do not reach it. */
const DEAF_SHARE = 0.15;
/** Another attempt, anywhere, may succeed: the key is held, too many at once, an instance stops, or nginx finds none. */
const TRY_AGAIN: readonly (number | undefined)[] = [409, 429, 502, 503, 504];

/** How the lanes are doing, for all of them together. */
export interface LaneContext {
  readonly entrances: readonly Entrance[];
  readonly isOver: () => boolean;
  /** Aborts when a run is given up. */
  readonly stop: AbortSignal;
  /** Is called when an upload has ended. */
  readonly onEnd: () => void;
}

/** Uploads one file after the other, each until it is known how it ended, by whichever way is open. */
export class Lane {
  readonly problems: string[] = [];
  readonly writer: LaneWriter;
  /** Which instance imported what leads to an event, where that is known, by {@link eventKey}. */
  readonly importedBy = new Map<string, string>();
  uploads = 0;
  /** Attempts that came to nothing, or nobody knows to what. */
  repeats = 0;
  /** What it does, for a report. */
  doing = 'nothing yet';

  constructor(
    private readonly random: Random,
    readonly name: string,
    employees: number,
    private readonly context: LaneContext,
  ) {
    this.writer = new LaneWriter(random, name, employees);
  }

  /** Goes on until the context says that it is over, and the file that is under way has ended. */
  async run(): Promise<void> {
    while (!this.context.isOver()) {
      const file = this.writer.next();
      const id = await this.upload(file);
      await this.ended(id, file);
      this.uploads += 1;
      this.context.onEnd();
    }
  }

  /** Sends a file until somebody says that it was accepted, and it heard that; under one key. */
  private async upload({ csv, causes }: LaneFile): Promise<string> {
    const headers = { 'Idempotency-Key': randomUUID() };
    let accepted: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const entrance = this.random.pick(this.context.entrances);
      this.doing = `upload ${this.uploads + 1}, attempt ${attempt} at ${entrance.instance ?? 'nginx'}`;
      const answer = await this.attempt(() => entrance.post(csv, headers));
      if (answer?.status === 202) {
        const id = String(answer.body.task_id);
        if (accepted !== undefined && id !== accepted)
          this.problems.push(`${this.name}: one key led to the uploads ${accepted} and ${id}`);
        accepted = id;
        // A later one may have been answered for an attempt whose answer was lost.
        const { instance } = entrance;
        if (attempt === 1 && instance !== undefined)
          for (const cause of causes) this.importedBy.set(cause, instance);
        if (this.random.next() >= DEAF_SHARE) return id;
      }
      this.repeats += 1;
      await this.pause();
    }
  }

  /** Waits until an upload has ended, and looks how. */
  private async ended(id: string, { rows }: LaneFile): Promise<void> {
    this.doing = `waiting for upload ${id}`;
    for (;;) {
      const entrance = this.random.pick(this.context.entrances);
      const answer = await this.attempt(() => entrance.get(`/upload/status/${id}`));
      // One instance at a time is away, so nginx finds another one.
      if (answer === undefined && entrance.instance === undefined && !this.context.stop.aborted)
        this.problems.push(`${this.name}: nginx did not answer where upload ${id} is`);
      if (answer !== undefined && answer.status !== 200)
        throw new Error(`${this.name}: the upload ${id} is answered ${answer.status}`);
      const { status, code, result } = answer?.body ?? {};
      if (typeof result === 'object' && result !== null) {
        const { rows_read, rows_rejected } = result as Record<string, unknown>;
        const said = JSON.stringify({ status, code, rows_read, rows_rejected });
        const due = JSON.stringify({ status: 'completed', code: null, rows_read: rows, rows_rejected: 0 });
        if (said !== due) this.problems.push(`${this.name}: the upload ${id} ended as ${said}, not ${due}`);
        return;
      }
      await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await delay(PAUSE_MS, undefined, { signal: this.context.stop });
  }

  /** Undefined where the request came to nothing. Throws at an answer that must not be. */
  private async attempt(ask: () => Promise<EntranceAnswer>): Promise<EntranceAnswer | undefined> {
    let answer: EntranceAnswer;
    try {
      answer = await ask();
    } catch {
      // The instance went away, or is away.
      return undefined;
    }
    if (TRY_AGAIN.includes(answer.status)) return undefined;
    if (answer.status !== 200 && answer.status !== 202)
      throw new Error(`${this.name}, ${this.doing}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }
}
