import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { StorageError } from '../ports/storage-error.js';

const PAGE_BYTES = 4096;

/**
 * Bytes of files that this process has mapped and that are in memory, as `/proc/self/statm` counts them; 0 where there
 * is no such file: then nobody counts them as this process's own.
 */
export function mappedBytes(): number {
  try {
    const [, , shared = '0'] = readFileSync('/proc/self/statm', 'latin1').split(' ');
    return Number(shared) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

const FILE = 'pulsewatch.mdb';

/** The file of the embedded store, opened and mapped into memory. */
export class EmbeddedEnvironment {
  private constructor(private readonly root: RootDatabase) {}

  /** Opens the file, or creates it unless it is there for sure. Throws StorageError. */
  static open(dataDir: string, isThere: boolean): EmbeddedEnvironment {
    try {
      if (!isThere) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      const path = join(dataDir, FILE);
      const isNew = !existsSync(path);
      if (isNew && isThere) throw new Error(`${FILE} is gone`);
      const root = open({
        path,
        maxDbs: 32,
        // A commit is seen when it is on the disk, not before: what another process has told somebody must not be
        // forgotten in a power cut.
        overlappingSync: false,
        // Batches of the library's own would reject promises that nobody holds.
        eventTurnBatching: false,
      });
      if (isNew) chmodSync(path, 0o600);
      return new EmbeddedEnvironment(root);
    } catch (error) {
      throw new StorageError('open the data folder', error);
    }
  }

  /** The values of a table as JSON, in the order of their keys; the table is made if there is none. Not in a transaction. */
  values<Key extends string | number>(name: string): Database<string, Key> {
    return this.root.openDB<string, Key>({ name, encoding: 'string' });
  }

  /** Reads from here on see what other processes have committed. */
  refresh(): void {
    this.root.resetReadTxn();
  }

  /** Runs `change` alone, and resolves when what it wrote is on the disk. */
  transaction<T>(change: () => T): Promise<T> {
    return this.root.transaction(change);
  }

  /** Closes the file once what runs is over, and gives its memory back. */
  async close(): Promise<void> {
    await this.root.close();
  }
}
