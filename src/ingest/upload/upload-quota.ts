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
export interface UploadPlace {
  /** The file is received; from now on it counts for as long as the queue holds the upload. */
  received(uploadId: string): void;
  /** Nothing more of the request comes. Called more than once it does nothing more. */
  requestEnded(): void;
}

/**
 * Counts the uploads of each caller: those being received, and those that wait or run. A caller is
 * a network, and a subject where subjects are told. A place is given back however its request ends, and once its upload is finished.
 */
@Injectable()
export class UploadQuota {
  /** The places in use, by caller. */
  private readonly places = new Map<string, Set<Place>>();

  constructor(
    private readonly queue: UploadQueue,
    private readonly config: Config,
    private readonly address: ClientAddress,
  ) {}

  /** Takes a place for the request. Throws a problem when the caller has none left. */
  enter(request: Request, response: Response): UploadPlace {
    this.forgetEnded();
    const place = new Place();
    const callers = this.namesOf(request);
    for (const caller of callers) this.refuseIfFull(caller);
    for (const caller of callers) this.placesOf(caller).add(place);
    // Whatever happens to a request, its connection comes free or breaks.
    response.once('close', () => place.requestEnded());
    return place;
  }

  /** Where authentication is off everybody is one subject, so that only the network tells callers apart. */
  private namesOf(request: Request): string[] {
    const caller = callerOf(request);
    const network = asNetwork(this.address.networkOf(request));
    return caller === LOCAL_OPERATOR ? [network] : [network, asSubject(caller.subject)];
  }

  private placesOf(caller: string): Set<Place> {
    let places = this.places.get(caller);
    if (!places) this.places.set(caller, (places = new Set()));
    return places;
  }

  private refuseIfFull(caller: string): void {
    const taken = this.places.get(caller)?.size ?? 0;
    if (taken < this.config.upload.maxPerCaller) return;
    throw new Problem(
      'too_many_uploads_of_caller',
      `Wait for one of your ${taken} upload(s) to finish, then send the file again.`,
      { headers: { 'Retry-After': '10' } },
    );
  }

  private forgetEnded(): void {
    for (const [caller, places] of this.places) {
      for (const place of places) if (!place.isTaken((id) => this.queue.holds(id))) places.delete(place);
      if (places.size === 0) this.places.delete(caller);
    }
  }
}

class Place implements UploadPlace {
  private isOpen = true;
  private uploadId: string | undefined;

  received(uploadId: string): void {
    this.uploadId = uploadId;
  }

  requestEnded(): void {
    this.isOpen = false;
  }

  isTaken(isHeld: (uploadId: string) => boolean): boolean {
    return this.isOpen || (this.uploadId !== undefined && isHeld(this.uploadId));
  }
}
