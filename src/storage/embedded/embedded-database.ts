import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { open, type RootDatabase } from 'lmdb';
import { StorageError } from '../storage-error.js';
import { Table } from './embedded-table.js';

const FILE = 'pulsewatch.mdb';

/**
 * The embedded store: one LMDB environment in the data folder. Transactions are ACID, survive `kill -9` and power
 * loss, and exclude each other between processes that share the folder.
 */
export class EmbeddedDatabase {
  private constructor(private readonly root: RootDatabase) {}

  /** Opens or creates the store; a folder and a file that it creates are this user's alone. Throws StorageError. */
  static open(dataDir: string): EmbeddedDatabase {
    try {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      const path = join(dataDir, FILE);
      const isNew = !existsSync(path);
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
      return new EmbeddedDatabase(root);
    } catch (error) {
      throw new StorageError('open the data folder', error);
    }
  }

  table<Value, Key extends string | number = string>(name: string): Table<Value, Key> {
    return new Table(this.root.openDB<string, Key>({ name, encoding: 'string' }));
  }

  /** Runs a read; other processes' commits before it are seen. */
  read<T>(operation: string, run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        this.root.resetReadTxn();
        resolve(run());
      } catch (error) {
        reject(new StorageError(operation, error));
      }
    });
  }

  /**
   * Runs `change` as one transaction: nobody else writes between its reads and its writes. Resolves when what it wrote
   * is on the disk.
   */
  async transaction<T>(operation: string, change: () => T): Promise<T> {
    try {
      return await this.root.transaction(change);
    } catch (error) {
      throw new StorageError(operation, await reasonOf(error));
    }
  }

  async close(): Promise<void> {
    await this.root.close();
  }
}

/** lmdb tells why a commit failed in a promise beside the error, which would end the process if nobody took it. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await Promise.race([error.commitError, nextTurn()]);
    return error;
  } catch (reason) {
    return reason;
  }
}
