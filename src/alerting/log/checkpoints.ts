import { Mutex } from '../../lib/mutex.js';
import type { AlertState } from '../../domain/alerts/alert-state.js';
import { crashPoint } from '../../lib/failpoints.js';
import type { AlertLogStore, Checkpoint } from '../../storage/ports/alert-log.store.js';

/** Below this many events a checkpoint is not worth its trouble. */
const FEWEST_EVENTS = 10_000;

/**
 * After how many events the fold is written down again, when `firing` alerts were in the checkpoint before. In
 * proportion to them, so that a start reads little more than the checkpoint, and writing checkpoints costs little more
 * than writing the events.
 */
export function checkpointEvery(firing: number): number {
  return Math.max(FEWEST_EVENTS, Math.ceil(firing / 2));
}

/** Writes the fold of the alert log down: when it is due, and before what it was made of is trimmed. */
export class AlertCheckpoints {
  /** The newest checkpoint known to be durable: its head, and how many alerts fire in it. */
  private saved = { head: 0, size: 0 };
  private saving: Promise<void> | undefined;
  private readonly serial = new Mutex();

  /** `onError` is told of a checkpoint that was due and could not be kept. */
  constructor(
    private readonly store: AlertLogStore,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The newest checkpoint, or undefined when there was never one. Throws StorageError. */
  async load(): Promise<Checkpoint | undefined> {
    const checkpoint = await this.store.loadCheckpoint();
    if (checkpoint) this.note(checkpoint);
    return checkpoint;
  }

  /** In the background: an append does not wait for it. `origin` is where the log begins. */
  saveIfDue(state: AlertState, origin: number): void {
    const events = state.head - Math.max(this.saved.head, origin);
    if (this.saving !== undefined || events < checkpointEvery(this.saved.size)) return;
    this.saving = this.serial
      .run(() => this.save(state))
      .catch(this.onError)
      .finally(() => {
        this.saving = undefined;
      });
  }

  /**
   * Resolves once a checkpoint is durable that has what happened up to `head`, which the state has. Throws
   * StorageError.
   */
  cover(head: number, state: () => AlertState): Promise<void> {
    return this.serial.run(async () => {
      if (this.saved.head < head) await this.save(state());
    });
  }

  /** Runs `work` while none is being written: nobody may save a state from before it over what it does. */
  apart<T>(work: () => Promise<T>): Promise<T> {
    return this.serial.run(work);
  }

  /** Resolves when none is being written. */
  async settled(): Promise<void> {
    await this.saving;
    await this.serial.run(() => Promise.resolve());
  }

  private async save(state: AlertState): Promise<void> {
    const checkpoint = { head: state.head, active: state.standing() };
    await this.store.saveCheckpoint(checkpoint);
    crashPoint('log.checkpointed');
    this.note(checkpoint);
  }

  private note({ head, active }: Checkpoint): void {
    if (head > this.saved.head) this.saved = { head, size: active.length };
  }
}
