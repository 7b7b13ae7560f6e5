import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { keyState, readIdempotencyKey, type KeyUse } from '../../domain/uploads/idempotency.js';
import type { UploadOptions } from '../../domain/uploads/upload.js';
import { failpoint } from '../../lib/failpoints.js';
import { Problem } from '../../platform/http/problem.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { IdempotencyStore } from '../../storage/ports/idempotency.store.js';
import type { SpooledFile } from './spool-multer-engine.js';
import { UploadQueue } from './upload-queue.js';
import { RetentionJob } from '../../platform/lifecycle/retention-job.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';

/** Removes expired idempotency keys. A key has no effect from the moment that it expires. */
@Injectable()
export class IdempotencyKeyRetention extends RetentionJob {
  constructor(
    @Inject(IdempotencyStore) store: IdempotencyStore,
    lifecycle: Lifecycle,
    clock: Clock,
    config: Config,
  ) {
    const failure = 'Expired idempotency keys could not be removed; trying again';
    super({ store, keptMs: config.upload.idempotencyTtlMs, failure }, lifecycle, clock);
  }
}

/**
 * Idempotency keys of uploads. A key is stored durably as soon as the headers of a request have arrived, and names the
 * upload before that exists: at most one upload results from a key, and it is found again, whenever a process dies. A key
 * without an upload is free again once its request has ended or its process is gone.
 */
@Injectable()
export class IdempotencyKeys {
  private readonly logger = new Logger(IdempotencyKeys.name);
  /** The requests with a key that this process is handling. */
  private readonly holders = new Set<string>();
  private readonly uses = new WeakMap<Request, KeyUse>();

  constructor(
    @Inject(IdempotencyStore) private readonly store: IdempotencyStore,
    private readonly queue: UploadQueue,
    private readonly registry: InstanceRegistry,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * Holds the key of a request, if it has one, until {@link release}. Throws the problems `bad_idempotency_key` and
   * `idempotency_key_in_use`, and StorageError.
   */
  async hold(request: Request): Promise<void> {
    const key = keyOf(request);
    if (key === undefined) return;
    const holder = randomUUID();
    this.holders.add(holder);
    try {
      this.uses.set(request, await this.take(key, holder));
    } catch (error) {
      this.holders.delete(holder);
      throw error;
    }
  }

  /**
   * The id of the upload that an earlier request with this key made from the same file and options. Undefined when there is
   * none: from then on the key names the upload of this request. Throws the problems `idempotency_key_reused` and
   * `idempotency_key_in_use`, and StorageError.
   */
  async earlierUpload(
    request: Request,
    file: SpooledFile,
    options: UploadOptions,
  ): Promise<string | undefined> {
    const use = this.uses.get(request);
    if (!use) return undefined;
    const fingerprint = fingerprintOf(file, options);
    if (use.upload) {
      if (use.upload.fingerprint === fingerprint) return use.upload.uploadId;
      throw new Problem(
        'idempotency_key_reused',
        'The key was used for another file or other options. Choose a new key for every upload.',
      );
    }
    await this.put({ ...use, upload: { fingerprint, uploadId: file.id } }, use.holder);
    failpoint('upload.keyed');
    return undefined;
  }

  /** Ends the use of the key: it is free again unless an upload resulted. Does nothing for a request without a key. Never rejects. */
  async release(request: Request): Promise<void> {
    const use = this.uses.get(request);
    if (!use || !this.holders.has(use.holder)) return;
    try {
      const { upload } = (await this.store.get(use.key)) ?? {};
      const hasUpload = upload !== undefined && (await this.queue.find(upload.uploadId)) !== undefined;
      if (!hasUpload) await this.store.remove(use.key, use.holder);
    } catch (error) {
      // No request holds it any longer: the next one with this key takes it over.
      this.logger.warn({ err: error }, 'An idempotency key could not be released in the store');
    } finally {
      this.holders.delete(use.holder);
    }
  }

  private async take(key: string, holder: string): Promise<KeyUse> {
    const found = await this.store.get(key);
    const now = this.clock.now();
    const state = keyState(found, {
      now,
      ttlMs: this.config.upload.idempotencyTtlMs,
      isUpload: found?.upload !== undefined && (await this.queue.find(found.upload.uploadId)) !== undefined,
      isHeldOn: found !== undefined && (await this.isHeldOn(found)),
    });
    if (state === 'held') throw inUse();
    if (state === 'used' && found) return found;
    const use = { key, holder, instance: this.registry.id, since: now };
    await this.put(use, found?.holder);
    return use;
  }

  private async isHeldOn({ instance, holder }: KeyUse): Promise<boolean> {
    if (instance === this.registry.id) return this.holders.has(holder);
    return !(await this.registry.look()).isGone(instance);
  }

  private async put(use: KeyUse, over: string | undefined): Promise<void> {
    if (await this.store.put(use, over)) return;
    // The result of an earlier attempt may have been lost.
    const found = await this.store.get(use.key);
    const isOurs = found?.holder === use.holder && found.upload?.uploadId === use.upload?.uploadId;
    if (!isOurs) throw inUse();
  }
}

/** The key as it is stored: a digest of the caller and the key, since two callers may choose the same one. */
function keyOf(request: Request): string | undefined {
  const header = request.get('idempotency-key');
  if (header === undefined) return undefined;
  const key = readIdempotencyKey(header);
  if (key === undefined)
    throw new Problem(
      'bad_idempotency_key',
      'The header Idempotency-Key takes 1 to 255 visible ASCII characters without quotes inside; a UUID is best.',
    );
  return digest(JSON.stringify([callerOf(request).subject, key]));
}

function fingerprintOf({ sha256 }: SpooledFile, options: UploadOptions): string {
  const chosen = Object.entries(options).filter(([, value]) => value !== undefined);
  return digest(JSON.stringify([sha256, ...chosen.sort(([a], [b]) => (a < b ? -1 : 1))]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function inUse(): Problem {
  return new Problem(
    'idempotency_key_in_use',
    'Another request with this key is being received. Repeat this one when that is answered.',
    { headers: { 'Retry-After': '5' } },
  );
}
