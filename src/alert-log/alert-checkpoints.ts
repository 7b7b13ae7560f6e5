import type { AlertState } from '../domain/fold.js';
import { crashPoint } from '../faults/crash-points.js';
import type { AlertLogStore, Checkpoint } from '../storage/alert-log.store.js';

/**
 * After this many events, or as many as are firing if that is more, the fold is written down: a start reads few events,
 * and the cost of checkpoints stays in proportion to that of the events.
 */
const CHECKPOINT_EVERY = 10_000;

/** Writes the fold of the alert log down: when it is due, and before what it was made of is trimmed. */
export class AlertCheckpoints {
  private savedHead = 0;
  private saving: Promise<void> | undefined;

  /** `onError` is told of a checkpoint that was due and could not be kept. */
  constructor(
    private readonly store: AlertLogStore,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The newest checkpoint, or undefined when there was never one. Throws StorageError. */
  async load(): Promise<Checkpoint | undefined> {
    const checkpoint = await this.store.loadCheckpoint();
    this.savedHead = Math.max(this.savedHead, checkpoint?.head ?? 0);
    return checkpoint;
  }

  /** In the background: an append does not wait for it. `origin` is where the log begins. */
  saveIfDue(state: AlertState, origin: number): void {
    const due = Math.max(CHECKPOINT_EVERY, state.size);
    if (this.saving !== undefined || state.head - Math.max(this.savedHead, origin) < due) return;
    this.saving = this.save(state)
      .catch(this.onError)
      .finally(() => {
        this.saving = undefined;
      });
  }

  /** Resolves once a checkpoint is durable that has what happened up to `head`, which `state` has. Throws StorageError. */
  async cover(head: number, state: AlertState): Promise<void> {
    await this.saving;
    if (this.savedHead < head) await this.save(state);
  }

  /** Resolves when none is being written. */
  async settled(): Promise<void> {
    await this.saving;
  }

  private async save(state: AlertState): Promise<void> {
    const { head } = state;
    await this.store.saveCheckpoint({ head, active: state.active() });
    crashPoint('log.checkpointed');
    this.savedHead = Math.max(this.savedHead, head);
  }
}
