import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { isAbort } from '../../lib/abort.js';
import { Clock } from '../../lib/clock.js';
import { type Erasure, type ErasureCounts, type ErasureMode } from '../../domain/privacy/erasure.js';
import { failpoint } from '../../lib/failpoints.js';
import { ImportLock } from '../../ingest/sync/import-lock.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { ErasureStore } from '../../storage/ports/erasure.store.js';
import { ErasureRun } from './erasure-run.js';
import { PersonLookup } from './person-lookup.js';
import { UploadReportScrubber } from './upload-report-scrubber.js';

/** Longer than any process uses its cached state of the alert log, which is a minute, plus the work after it. */
const SETTLE_MS = 90_000;
const PSEUDONYM_BYTES = 10;
const KEY_BYTES = 32;

/** The outcome of a request: what was removed, or why nothing was. */
export type ErasureOutcome =
  | { readonly outcome: 'done'; readonly mode: ErasureMode; readonly counts: ErasureCounts }
  | { readonly outcome: 'unknown' | 'uploads_under_way' | 'stopping' };

export interface ErasureRequest {
  readonly employeeId: string;
  readonly mode: ErasureMode;
  /** The subject of the caller. */
  readonly requestedBy: string;
}

/**
 * Removes persons' data on request, one at a time and never during an import. An erasure is stored before anything is
 * removed, and stays stored until nothing can restore the data: one that broke off is finished by the next start, before
 * the uploads that came after it, by another instance, or by a repeated request.
 */
@Injectable()
export class ErasureRequests implements OnModuleInit {
  private readonly logger = new Logger(ErasureRequests.name);
  private readonly running = new Set<string>();

  constructor(
    @Inject(ErasureStore) private readonly store: ErasureStore,
    private readonly erasureRun: ErasureRun,
    private readonly persons: PersonLookup,
    private readonly uploads: UploadReportScrubber,
    private readonly registry: InstanceRegistry,
    private readonly lock: ImportLock,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.lock.beforeUploads(() => this.recover());
  }

  /** Resolves once the person's data is removed. Throws StorageError, and ListenerError when an evaluation failed. */
  async request(request: ErasureRequest): Promise<ErasureOutcome> {
    return (await this.lock.run(() => this.carryOut(request))) ?? { outcome: 'stopping' };
  }

  /** Resumes the erasures that other processes, or an earlier attempt of this one, did not finish. Throws StorageError. */
  private async recover(): Promise<void> {
    const erasures = (await this.store.list()).filter(({ id }) => !this.running.has(id));
    if (erasures.length === 0) return;
    const presence = await this.registry.look();
    for (const erasure of erasures) {
      const { instance, sweptAt } = erasure;
      const isDue =
        sweptAt === undefined
          ? instance === this.registry.id || presence.isGone(instance)
          : this.clock.now() - sweptAt >= SETTLE_MS;
      // Not awaited: its turn comes before the uploads that are taken over next, and a start does not wait for it.
      if (isDue) void this.resume(erasure);
    }
  }

  /** Never rejects: a failure is retried at the next recovery. */
  private async resume(erasure: Erasure): Promise<void> {
    this.running.add(erasure.id);
    try {
      await this.lock.run(async () => {
        if (erasure.sweptAt === undefined) await this.run({ ...erasure, instance: this.registry.id }, true);
        else await this.settle(erasure);
      });
    } catch (error) {
      if (!isAbort(error))
        this.logger.error({ err: error, erasureId: erasure.id }, 'An erasure failed; it will be retried');
    } finally {
      this.running.delete(erasure.id);
    }
  }

  private async carryOut({ employeeId, mode, requestedBy }: ErasureRequest): Promise<ErasureOutcome> {
    const broken = (await this.store.list()).find(
      (erasure) => erasure.employeeId === employeeId && erasure.sweptAt === undefined,
    );
    if (broken) return this.run({ ...broken, instance: this.registry.id }, true);
    if (!(await this.persons.exists(employeeId))) return { outcome: 'unknown' };
    if (await this.uploads.areUnderWay()) return { outcome: 'uploads_under_way' };
    const prefix = mode === 'erase' ? 'erased' : 'anonymous';
    const erasure: Erasure = {
      id: uuid(),
      employeeId,
      mode,
      pseudonym: `${prefix}-${randomBytes(PSEUDONYM_BYTES).toString('hex')}`,
      key: randomBytes(KEY_BYTES).toString('hex'),
      requestedBy,
      instance: this.registry.id,
    };
    return this.run(erasure, false);
  }

  private async run(erasure: Erasure, isRepeated: boolean): Promise<ErasureOutcome> {
    const { id, mode } = erasure;
    this.running.add(id);
    try {
      await this.store.put(erasure);
      failpoint('erasure.begun');
      const { counts, isComplete } = await this.erasureRun.run(erasure, isRepeated);
      if (isComplete && (await this.registry.look()).isAlone) await this.store.remove(id);
      // Other instances may use cached data for a moment: everything is searched once more when that is over.
      else await this.store.put({ ...erasure, sweptAt: this.clock.now() });
      this.logDone(erasure, counts);
      return { outcome: 'done', mode, counts };
    } finally {
      this.running.delete(id);
    }
  }

  /** Removes what may have been written from memory since the person was removed. */
  private async settle(erasure: Erasure): Promise<void> {
    if (await this.erasureRun.again(erasure)) await this.store.remove(erasure.id);
  }

  /** The audit log takes its line here, for every completed removal. It names no person. */
  private logDone({ id, mode, requestedBy }: Erasure, counts: ErasureCounts): void {
    this.logger.log({ erasureId: id, mode, requestedBy, ...counts }, "A person's data was removed");
  }
}
