import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { UploadRecord } from '../domain/upload.js';

/** Which process runs an upload, and whether it still does. */
@Injectable()
export class UploadOwner {
  /** This process. */
  readonly self = { host: hostname(), pid: process.pid };

  /**
   * True when the process that took the upload ran on this machine and is gone, so that this one may go on with it. A
   * process with our own id is our predecessor, as after the restart of a container.
   */
  isAbandoned({ owner }: UploadRecord): boolean {
    if (owner === undefined) return true;
    if (owner.host !== this.self.host) return false;
    return owner.pid === this.self.pid || !isRunning(owner.pid);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
