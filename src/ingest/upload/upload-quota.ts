import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ClientAddress } from '../../platform/auth/client-address.js';
import { asNetwork, asSubject } from '../../platform/auth/rate-limiter.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Config } from '../../config/config.js';
import { LOCAL_OPERATOR } from '../../domain/access/access.js';
import { Problem } from '../../platform/http/problem.js';
import { UploadQueue } from './upload-queue.js';

/** One upload of one caller, from the first byte of its request. */
export interface UploadSlot {
  /** The file is received: from now on the slot is in use for as long as the queue holds the upload. */
  received(uploadId: string): void;
  /** The request has ended. Idempotent. */
  requestEnded(): void;
}

/**
 * Limits the uploads of each caller: those being received, and those that wait or run. A caller is a network, and also a
 * subject where authentication is on. A slot is free again however its request ends, and once its upload has finished.
 */
@Injectable()
export class UploadQuota {
  /** The slots in use, by caller. */
  private readonly slots = new Map<string, Set<Slot>>();

  constructor(
    private readonly queue: UploadQueue,
    private readonly config: Config,
    private readonly address: ClientAddress,
  ) {}

  /** Acquires a slot for the request. Throws a problem when the caller has none left. */
  acquire(request: Request, response: Response): UploadSlot {
    this.removeEnded();
    const slot = new Slot();
    const callers = this.namesOf(request);
    for (const caller of callers) this.refuseIfFull(caller);
    for (const caller of callers) this.slotsOf(caller).add(slot);
    // However the request ends, its connection closes or becomes free.
    response.once('close', () => slot.requestEnded());
    return slot;
  }

  /** Without authentication all callers are one subject, so that only the network distinguishes them. */
  private namesOf(request: Request): string[] {
    const caller = callerOf(request);
    const network = asNetwork(this.address.networkOf(request));
    return caller === LOCAL_OPERATOR ? [network] : [network, asSubject(caller.subject)];
  }

  private slotsOf(caller: string): Set<Slot> {
    let slots = this.slots.get(caller);
    if (!slots) this.slots.set(caller, (slots = new Set()));
    return slots;
  }

  private refuseIfFull(caller: string): void {
    const used = this.slots.get(caller)?.size ?? 0;
    if (used < this.config.upload.maxPerCaller) return;
    throw new Problem(
      'too_many_uploads_of_caller',
      `Wait for one of your ${used} upload(s) to finish, then send the file again.`,
      { headers: { 'Retry-After': '10' } },
    );
  }

  private removeEnded(): void {
    for (const [caller, slots] of this.slots) {
      for (const slot of slots) if (!slot.isUsed((id) => this.queue.holds(id))) slots.delete(slot);
      if (slots.size === 0) this.slots.delete(caller);
    }
  }
}

class Slot implements UploadSlot {
  private isOpen = true;
  private uploadId: string | undefined;

  received(uploadId: string): void {
    this.uploadId = uploadId;
  }

  requestEnded(): void {
    this.isOpen = false;
  }

  isUsed(isHeld: (uploadId: string) => boolean): boolean {
    return this.isOpen || (this.uploadId !== undefined && isHeld(this.uploadId));
  }
}
