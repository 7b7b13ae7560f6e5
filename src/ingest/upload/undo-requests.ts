import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import {
  type UploadRecord,
  EMPTY_UNDO_REPORT,
  isUndoable,
  pendingUndo,
} from '../../domain/uploads/upload.js';
import { Problem } from '../../platform/http/problem.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { SyncJournalStore } from '../../storage/ports/sync-journal.store.js';
import { UploadQueue } from './upload-queue.js';

/** Other requests that change the same upload at each of this many attempts are a fault, not a race. */
const MAX_ATTEMPTS = 5;

/** Accepts requests to undo an upload. */
@Injectable()
export class UndoRequests {
  private readonly logger = new Logger(UndoRequests.name);

  constructor(
    private readonly queue: UploadQueue,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
    private readonly registry: InstanceRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Queues the undo of an upload, and resolves once that is durable: a crash does not lose it. An undo that waits, runs or is
   * done already is not begun again; one that broke off is. Throws the problems `not_found`, `not_undoable` and those of a
   * full queue, and StorageError.
   */
  async request(id: string): Promise<UploadRecord> {
    return retryOnConflict({ what: 'the record of an upload', maxAttempts: MAX_ATTEMPTS }, async () => {
      const record = await this.queue.find(id);
      if (!record) throw new Problem('not_found', 'There is no upload with this id.');
      if (record.undo?.undoneAt !== undefined || pendingUndo(record)) return record;
      if (!isUndoable(record)) throw notUndoable(record);
      this.queue.refuseIfFull();
      const queued = await this.queue.resume(this.pendingUndoOf(record), () => this.journalUndo(id));
      return queued ?? CONFLICT;
    });
  }

  private pendingUndoOf(record: UploadRecord): UploadRecord {
    return {
      ...record,
      status: 'processing',
      stage: 'undoing',
      progress: 0,
      message: 'Waiting to be taken back.',
      undo: {
        requestedAt: this.clock.iso(),
        // An import that broke off may have moved employees whose departments are not rolled up yet.
        isRepeated: record.undo !== undefined || record.status === 'failed',
        report: EMPTY_UNDO_REPORT,
      },
    };
  }

  /** Through the journal an undo is found again, however old its upload is. */
  private async journalUndo(syncId: string): Promise<void> {
    await this.journal
      .begin({ syncId, instance: this.registry.id, repair: 'roll_up' })
      .catch((error: unknown) =>
        this.logger.warn(
          { err: error, uploadId: syncId },
          'The journal entry of an undo could not be written yet',
        ),
      );
  }
}

function notUndoable({ status }: UploadRecord): Problem {
  const isFinished = status === 'completed' || status === 'failed';
  return new Problem(
    'not_undoable',
    isFinished
      ? 'Only a survey that was imported can be taken back: this upload wrote no responses.'
      : 'The upload is not imported yet. Repeat the request when its status is completed.',
  );
}
