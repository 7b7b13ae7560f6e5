import { Logger } from '@nestjs/common';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertState } from '../../domain/alerts/alert-state.js';
import type { AlertLogStore } from '../../storage/ports/alert-log.store.js';
import { StorageError } from '../../storage/ports/storage-error.js';
import type { AlertCheckpoints } from './checkpoints.js';

/** A trim, or a newer checkpoint, at each of this many attempts to fold the log again is a fault, not a race. */
const MAX_FOLDS = 10;

/** Receives events. It must not throw. */
export type AlertListener = (events: readonly LogEvent[]) => void;

/**
 * Reads the alert log in order, folds it, and notifies listeners. Only {@link findFloor} may overlap with another call.
 */
export class AlertLogReader {
  private readonly logger = new Logger(AlertLogReader.name);
  private readonly listeners = new Set<AlertListener>();
  private folded = new AlertState(0);
  private readonly rewriteListeners = new Set<() => void>();
  private knownFloor = 0;
  private origin = 0;
  /** The store's count of rewrites when {@link folded} was read. */
  private rewrites = 0;

  constructor(
    private readonly store: AlertLogStore,
    private readonly checkpoints: AlertCheckpoints,
  ) {}

  /** The fold of everything read. */
  get state(): AlertState {
    return this.folded;
  }

  /**
   * The id before the first event that the log still holds, as far as this process knows: other processes trim as well.
   */
  get floor(): number {
    return this.knownFloor;
  }

  /** Begins with the newest checkpoint, or with nothing at `origin`. Throws StorageError. */
  async begin(origin: number): Promise<void> {
    [this.origin, this.knownFloor] = [origin, origin];
    this.rewrites = await this.store.rewrites();
    const checkpoint = await this.checkpoints.load();
    this.folded = new AlertState(checkpoint?.head ?? origin, checkpoint?.active);
  }

  /** Calls `listener` with each run of events from now on. Returns the function that removes it. */
  listen(listener: AlertListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener` when events that were passed to listeners before have been rewritten in the log. */
  onRewritten(listener: () => void): void {
    this.rewriteListeners.add(listener);
  }

  /** Reads up to the end of the log; where the log was rewritten, folds what it holds again. Throws StorageError. */
  async catchUp(): Promise<void> {
    const rewrites = await this.store.rewrites();
    await this.readToEnd();
    if (rewrites === this.rewrites) return;
    await this.foldAgain();
    this.rewrites = rewrites;
    for (const listener of this.rewriteListeners) listener();
  }

  /** Folds the events that come next, and passes them to the listeners. */
  advance(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.folded.apply(event);
    for (const listener of this.listeners) listener(events);
  }

  /** Reads where the log begins by now. Throws StorageError. */
  async findFloor(): Promise<void> {
    const [oldest] = await this.store.read(0, 1);
    if (oldest) this.raiseFloor(oldest.first - 1);
  }

  private async readToEnd(): Promise<void> {
    while (!(await this.readToGap())) await this.resumeFromCheckpoint();
  }

  /**
   * Folds what is new, up to the first event before which others are missing; returns true when there is no such gap.
   */
  private async readToGap(): Promise<boolean> {
    for await (const run of this.store.events(this.folded.head)) {
      if (leavesGap(run, this.folded.head)) {
        this.raiseFloor(firstIdOf(run) - 1);
        return false;
      }
      this.advance(run);
    }
    return true;
  }

  /** Continues after a gap: the events in between were trimmed before this process read them. */
  private async resumeFromCheckpoint(): Promise<void> {
    const { head } = this.folded;
    const checkpoint = await this.checkpoints.load();
    // The listeners learn of the gap now, not with the next event: they receive the newest event of the checkpoint.
    const [newest] = checkpoint ? await this.store.read(checkpoint.head - 1, 1) : [];
    if (checkpoint === undefined || checkpoint.head <= head || newest === undefined) {
      const reason = `The events after ${head} are neither in the log nor in a checkpoint`;
      throw new StorageError('follow the alert log', new Error(reason));
    }
    // Trimmed again meanwhile, with a newer checkpoint: the next attempt finds that one.
    if (newest.first > checkpoint.head + 1) return;
    this.logger.warn(`The events ${head + 1} to ${newest.first - 1} were trimmed before they were read`);
    this.folded = new AlertState(checkpoint.head, checkpoint.active);
    this.advance(newest.events);
  }

  /** Replaces the fold by one of what the store holds now, up to the same head. The listeners have had these events. */
  private async foldAgain(): Promise<void> {
    for (let attempt = 0; attempt < MAX_FOLDS; attempt += 1) {
      const checkpoint = await this.checkpoints.load();
      // Another process has saved a checkpoint beyond what this process has read.
      if (checkpoint !== undefined && checkpoint.head > this.folded.head) await this.readToEnd();
      const state = new AlertState(checkpoint?.head ?? this.origin, checkpoint?.active);
      if (await this.foldUpTo(this.folded.head, state)) {
        this.folded = state;
        return;
      }
    }
    throw new StorageError('fold the alert log again', new Error('It was trimmed at every attempt'));
  }

  /** Brings `state` to `head`; false when it is beyond, or when events in between were trimmed. */
  private async foldUpTo(head: number, state: AlertState): Promise<boolean> {
    if (state.head >= head) return state.head === head;
    for await (const run of this.store.events(state.head)) {
      if (leavesGap(run, state.head)) return false;
      for (const event of run) if (event.id <= head) state.apply(event);
      if (state.head === head) return true;
    }
    return false;
  }

  private raiseFloor(floor: number): void {
    this.knownFloor = Math.max(this.knownFloor, floor);
  }
}

function firstIdOf(run: readonly LogEvent[]): number {
  return run[0]?.id ?? Infinity;
}

function leavesGap(run: readonly LogEvent[], head: number): boolean {
  return firstIdOf(run) > head + 1;
}
