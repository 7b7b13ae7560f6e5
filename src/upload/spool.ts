import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

/** The folder of uploaded files that wait to be imported. Files are named by upload id, never by the client. */
@Injectable()
export class Spool {
  private readonly folder: string;

  constructor(config: Config) {
    this.folder = join(config.dataDir, 'spool');
  }

  /** Creates the folder, readable by this user only. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Whether the file of an upload is there. */
  has(uploadId: string): boolean {
    return existsSync(this.pathOf(uploadId));
  }

  pathOf(uploadId: string): string {
    return join(this.folder, `${uploadId}.csv`);
  }

  /** Opens a new file for writing; its content is on disk once the stream has closed. */
  write(uploadId: string): WriteStream {
    return createWriteStream(this.pathOf(uploadId), { flags: 'wx', mode: 0o600, flush: true });
  }

  /** Removes a file. Removing an absent one does nothing. */
  async remove(uploadId: string): Promise<void> {
    await rm(this.pathOf(uploadId), { force: true });
  }
}
