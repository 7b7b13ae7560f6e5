import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { Serial } from '../concurrency/serial.js';
import { Config } from '../config/config.js';
import { EMPTY_REPORT, type UploadOptions, type UploadRecord } from '../domain/upload.js';
import { Problem } from '../http/problem.js';
import { UploadStore } from '../storage/upload.store.js';
import { Spool } from './spool.js';
import { UploadJob } from './upload-job.js';
import { UploadOwner } from './upload-owner.js';

/** Interrupted uploads are among the newest; more are never waiting at once. */
const LOOKED_BACK = 500;

export interface AcceptedFile {
  readonly id: string;
  readonly bytes: number;
  readonly options: UploadOptions;
}

/** Keeps accepted uploads and runs them one at a time, in the order they came. */
@Injectable()
export class UploadQueue implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UploadQueue.name);
  private readonly serial = new Serial();
  /** Those not finished yet; the store holds an older state of them. */
  private readonly unfinished = new Map<string, UploadRecord>();
  private isStopping = false;

  constructor(
    @Inject(UploadStore) private readonly store: UploadStore,
    private readonly spool: Spool,
    private readonly job: UploadJob,
    private readonly clock: Clock,
    private readonly owner: UploadOwner,
    private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.spool.prepare();
  }

  /** Goes on with what a process that died had accepted; importing a part of it twice is harmless. */
  async onApplicationBootstrap(): Promise<void> {
    const { items } = await this.store.list({ limit: LOOKED_BACK });
    for (const record of items.toReversed()) {
      if (record.finishedAt !== undefined || !this.owner.isAbandoned(record)) continue;
      this.logger.warn({ uploadId: record.id }, 'An upload was interrupted; importing it again');
      this.enqueue({ ...record, owner: this.owner.self });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.idle();
  }

  /** Throws a problem when another upload would be one too many, or would come too late. */
  refuseIfFull(): void {
    if (this.isStopping) {
      throw new Problem('server_stopping', 'Send the file again when the server is back.', {
        headers: { 'Retry-After': '10' },
      });
    }
    if (this.unfinished.size < this.config.upload.maxQueued) return;
    throw new Problem('too_many_uploads', 'Wait for an upload to finish, then send the file again.', {
      headers: { 'Retry-After': '10' },
    });
  }

  /** Keeps a spooled upload durably, and runs it when its turn comes. Throws as {@link refuseIfFull} does. */
  async accept({ id, bytes, options }: AcceptedFile): Promise<UploadRecord> {
    // Asked again: others may have arrived while this file did.
    this.refuseIfFull();
    const record: UploadRecord = {
      id,
      acceptedAt: this.clock.iso(),
      owner: this.owner.self,
      bytes,
      options,
      status: 'pending',
      stage: 'queued',
      progress: 0,
      message: 'Waiting for the uploads before it.',
      report: EMPTY_REPORT,
    };
    // Counted from here on, so that others who arrive meanwhile are too many.
    this.unfinished.set(id, record);
    try {
      await this.store.put(record);
    } catch (error) {
      this.unfinished.delete(id);
      throw error;
    }
    this.logger.log({ uploadId: id, bytes }, 'Upload accepted');
    this.enqueue(record);
    return record;
  }

  /** The upload as it is now, or undefined when there is none. */
  async find(id: string): Promise<UploadRecord | undefined> {
    return this.unfinished.get(id) ?? (await this.store.get(id));
  }

  /** Uploads, newest first. */
  async list(query: { limit: number; after?: string }): ReturnType<UploadStore['list']> {
    const page = await this.store.list(query);
    return { ...page, items: page.items.map((record) => this.unfinished.get(record.id) ?? record) };
  }

  /** Resolves when every accepted upload has finished. */
  async idle(): Promise<void> {
    await this.serial.run(() => Promise.resolve());
  }

  private enqueue(record: UploadRecord): void {
    this.unfinished.set(record.id, record);
    void this.serial.run(() => this.run(record));
  }

  private async run(record: UploadRecord): Promise<void> {
    try {
      const finished = await this.job.run(record, (current) => this.unfinished.set(record.id, current));
      await this.store.put(finished);
      await this.spool.remove(record.id);
    } catch (error) {
      this.logger.error({ err: error, uploadId: record.id }, 'The outcome of an upload could not be kept');
    } finally {
      this.unfinished.delete(record.id);
    }
  }
}
