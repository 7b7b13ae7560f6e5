import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';

/** Holds the id of the folder. Lies beside it: the folder holds waiting files only. */
const ID_FILE = 'spool.id';
/** The upload, and the instance that received it. */
const FILE_NAME = /^(?<uploadId>[^.]+)\.(?<instance>[^.]+)\.csv$/;

/** The parts of the name of a spool file. */
export interface SpoolFile {
  readonly name: string;
  readonly uploadId: string;
  /** The instance that received it. */
  readonly instance: string;
}

/**
 * The folder of uploaded files that wait to be imported, with an id that distinguishes it from the folders of other
 * machines. Several processes may share it. Files are named by upload and instance, never by the client.
 */
@Injectable()
export class Spool implements OnModuleInit {
  private readonly folder: string;
  private readonly idFile: string;
  private folderId = '';

  constructor(
    config: Config,
    private readonly registry: InstanceRegistry,
  ) {
    this.folder = join(config.dataDir, 'spool');
    this.idFile = join(config.dataDir, ID_FILE);
  }

  /** Creates the folder, readable by this user only, and its id. */
  async onModuleInit(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    this.folderId = await this.readOrCreateId();
  }

  /** A UUID: the same for every process that uses this folder, for as long as the folder exists. */
  get id(): string {
    return this.folderId;
  }

  /** The name of the file of an upload that this process receives. */
  nameFor(uploadId: string): string {
    return `${uploadId}.${this.registry.id}.csv`;
  }

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** Whether a file exists. */
  has(name: string): boolean {
    return existsSync(this.pathOf(name));
  }

  /** Every file in the folder. */
  async list(): Promise<SpoolFile[]> {
    const names = await readdir(this.folder);
    return names.flatMap((name) => {
      const { uploadId, instance } = FILE_NAME.exec(name)?.groups ?? {};
      return uploadId === undefined || instance === undefined ? [] : [{ name, uploadId, instance }];
    });
  }

  /** Opens a new file for writing; its content is on disk once the stream has closed. */
  write(name: string): WriteStream {
    return createWriteStream(this.pathOf(name), { flags: 'wx', mode: 0o600, flush: true });
  }

  /** Removes a file. Removing an absent one does nothing. */
  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  /**
   * Other processes may create the id at the same moment, or die while they do: a link shows only complete files, and only
   * the first one.
   */
  private async readOrCreateId(): Promise<string> {
    if (!existsSync(this.idFile)) {
      const draft = `${this.idFile}.${this.registry.id}`;
      await writeFile(draft, randomUUID(), { mode: 0o600, flush: true });
      try {
        await link(draft, this.idFile);
      } catch (error) {
        if (!existsSync(this.idFile)) throw error;
      } finally {
        await rm(draft);
      }
    }
    return readFile(this.idFile, 'utf8');
  }
}
