import { Mutex } from '../../lib/mutex.js';
import type { AlertState } from '../../domain/alerts/alert-state.js';
import { failpoint } from '../../lib/failpoints.js';
import type { AlertLogStore, Checkpoint } from '../../storage/ports/alert-log.store.js';

/** Below this many events a checkpoint costs more than it saves. */
const FEWEST_EVENTS = 10_000;

/**
 * The number of events after which a checkpoint is due, when the one before held `firing` alerts. In proportion to
 * them, so that a start reads little more than the checkpoint, and writing checkpoints costs little more than writing
 * the events.
 */
export function checkpointEvery(firing: number): number {
  return Math.max(FEWEST_EVENTS, Math.ceil(firing / 2));
}

/** Saves the fold of the alert log: when a checkpoint is due, and before the records that it covers are trimmed. */
export class AlertCheckpoints {
  /** The newest checkpoint that this process knows to be durable: its head, and the number of its events. */
  private saved = { head: 0, size: 0 };
  private saving: Promise<void> | undefined;
  private readonly mutex = new Mutex();

  /** `onError` receives the error of a checkpoint that was due and could not be saved. */
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

  /** Saves a due checkpoint in the background: an append does not wait for it. `origin` is where the log begins. */
  saveIfDue(state: AlertState, origin: number): void {
    const events = state.head - Math.max(this.saved.head, origin);
    if (this.saving !== undefined || events < checkpointEvery(this.saved.size)) return;
    this.saving = this.mutex
      .run(() => this.save(state))
      .catch(this.onError)
      .finally(() => {
        this.saving = undefined;
      });
  }

  /** Resolves once a checkpoint that covers `head` is durable; `state` must cover it too. Throws StorageError. */
  cover(head: number, state: () => AlertState): Promise<void> {
    return this.mutex.run(async () => {
      if (this.saved.head < head) await this.save(state());
    });
  }

  /** Runs `work` while no checkpoint is being saved: a state from before `work` must not replace its result. */
  apart<T>(work: () => Promise<T>): Promise<T> {
    return this.mutex.run(work);
  }

  /** Resolves when no checkpoint is being saved. */
  async settled(): Promise<void> {
    await this.saving;
    await this.mutex.run(() => Promise.resolve());
  }

  private async save(state: AlertState): Promise<void> {
    const checkpoint = { head: state.head, active: state.standing() };
    await this.store.saveCheckpoint(checkpoint);
    failpoint('log.checkpointed');
    this.note(checkpoint);
  }

  private note({ head, active }: Checkpoint): void {
    if (head > this.saved.head) this.saved = { head, size: active.length };
  }
}
