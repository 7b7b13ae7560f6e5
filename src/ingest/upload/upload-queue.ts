import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import {
  EMPTY_REPORT,
  type UploadOptions,
  type UploadOwner,
  type UploadRecord,
  pendingUndo,
} from '../../domain/uploads/upload.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { failpoint } from '../../lib/failpoints.js';
import { Problem } from '../../platform/http/problem.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { UploadStore } from '../../storage/ports/upload.store.js';
import { ImportLock } from '../sync/import-lock.js';
import { Spool } from './spool.js';
import { UndoJob } from './undo-job.js';
import { ImportJob } from './import-job.js';

export interface AcceptedFile {
  readonly id: string;
  readonly bytes: number;
  /** The subject of the caller. */
  readonly uploadedBy: string;
  readonly options: UploadOptions;
}

/**
 * Holds the uploads that this process owns, and runs them one at a time in the order of their arrival. A stop lets the
 * running one finish within its grace and starts no other: the store still holds them as unfinished.
 */
@Injectable()
export class UploadQueue implements BeforeApplicationShutdown {
  private readonly logger = new Logger(UploadQueue.name);
  /** The uploads that are not finished; the store holds an older state of them. */
  private readonly unfinished = new Map<string, UploadRecord>();

  constructor(
    @Inject(UploadStore) private readonly store: UploadStore,
    private readonly spool: Spool,
    private readonly job: ImportJob,
    private readonly undoJob: UndoJob,
    private readonly lock: ImportLock,
    private readonly events: DomainEvents,
    private readonly registry: InstanceRegistry,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.idle();
  }

  /** Throws a problem when the queue is full, or a stop has begun. */
  refuseIfFull(): void {
    if (this.lifecycle.phase === 'draining') {
      throw new Problem('server_stopping', 'Send the file again when the server is back.', {
        headers: { 'Retry-After': '10' },
      });
    }
    if (this.unfinished.size < this.config.upload.maxQueued) return;
    throw new Problem('too_many_uploads', 'Wait for an upload to finish, then send the file again.', {
      headers: { 'Retry-After': '10' },
    });
  }

  /** Stores a spooled upload, and runs it in its turn. Throws as {@link refuseIfFull} does, and StorageError. */
  async accept({ id, bytes, uploadedBy, options }: AcceptedFile): Promise<UploadRecord> {
    // Checked again: other uploads may have been accepted while this file was received.
    this.refuseIfFull();
    const record: UploadRecord = {
      id,
      revision: 1,
      acceptedAt: this.clock.iso(),
      uploadedBy,
      owner: this.owner,
      spoolFile: this.spool.nameFor(id),
      bytes,
      options,
      status: 'pending',
      stage: 'queued',
      progress: 0,
      message: 'Waiting for the uploads before it.',
      report: EMPTY_REPORT,
    };
    failpoint('upload.spooled');
    // Counted from here on, so that the limit holds for uploads that are accepted meanwhile.
    this.unfinished.set(id, record);
    try {
      if (!(await this.store.put(record))) throw new Error('An upload with this id exists already');
    } catch (error) {
      this.unfinished.delete(id);
      throw error;
    }
    failpoint('upload.accepted');
    this.logger.log({ uploadId: id, bytes }, 'Upload accepted');
    this.enqueue(record);
    return record;
  }

  /** Whether this process runs the upload, or will run it. */
  holds(id: string): boolean {
    return this.unfinished.has(id);
  }

  /**
   * Takes over an upload whose process is gone, and runs it again; importing a part of it twice is harmless. Does nothing
   * when another process was first. Throws StorageError.
   */
  async takeOver(abandoned: UploadRecord): Promise<void> {
    const undo = pendingUndo(abandoned);
    const record = {
      ...abandoned,
      revision: abandoned.revision + 1,
      owner: this.owner,
      ...(undo === undefined ? {} : { undo: { ...undo, isRepeated: true } }),
    };
    if (!(await this.store.put(record))) return;
    this.logger.warn({ uploadId: record.id }, 'An upload was interrupted; running it again');
    this.enqueue(record);
  }

  /**
   * Runs a finished upload again, for what its record names as pending. `onStored` is called once the record is stored,
   * before the turn of the upload. Returns undefined, with nothing done, when the record has changed since it was read.
   * Throws StorageError.
   */
  async resume(
    finished: UploadRecord,
    onStored: () => Promise<void> = () => Promise.resolve(),
  ): Promise<UploadRecord | undefined> {
    const record = { ...finished, revision: finished.revision + 1, owner: this.owner };
    if (!(await this.store.put(record))) return undefined;
    this.unfinished.set(record.id, record);
    await onStored();
    this.enqueue(record);
    return record;
  }

  /** The current state of an upload, or undefined when it does not exist. */
  async find(id: string): Promise<UploadRecord | undefined> {
    return this.unfinished.get(id) ?? (await this.store.get(id));
  }

  /** Uploads, newest first. */
  async list(query: { limit: number; after?: string }): ReturnType<UploadStore['list']> {
    const page = await this.store.list(query);
    return { ...page, items: page.items.map((record) => this.unfinished.get(record.id) ?? record) };
  }

  /** Resolves when every upload of this process has finished, or a stop has left it for later. */
  async idle(): Promise<void> {
    await this.lock.idle();
  }

  private get owner(): UploadOwner {
    return { instance: this.registry.id, spool: this.spool.id };
  }

  private enqueue(record: UploadRecord): void {
    this.unfinished.set(record.id, record);
    void this.lock.run(() => this.run(record));
  }

  private async run(record: UploadRecord): Promise<void> {
    const { id } = record;
    let isFinished = false;
    try {
      const onChange = (current: UploadRecord) => this.unfinished.set(id, current);
      const undo = pendingUndo(record);
      const outcome = undo
        ? await this.undoJob.run(record, undo, onChange)
        : await this.job.run(record, onChange);
      isFinished =
        outcome !== undefined && (await this.saveOutcome({ ...outcome, revision: record.revision + 1 }));
    } catch (error) {
      this.logger.error({ err: error, uploadId: id }, 'The outcome of an upload could not be stored');
    } finally {
      this.unfinished.delete(id);
    }
    if (isFinished) await this.publishFinished(id);
  }

  /** Returns false when another process has taken the upload over. Then the file belongs to that process. */
  private async saveOutcome(finished: UploadRecord): Promise<boolean> {
    if (!(await this.store.put(finished))) {
      this.logger.warn(
        { uploadId: finished.id },
        'Another process has taken over an upload, since this one did not respond',
      );
      return false;
    }
    failpoint('upload.recorded');
    await this.spool.remove(finished.spoolFile);
    return true;
  }

  private async publishFinished(uploadId: string): Promise<void> {
    // The bus logs a listener that fails; the upload is finished all the same.
    await this.events.publish('upload.finished', { uploadId }).catch(() => undefined);
  }
}
