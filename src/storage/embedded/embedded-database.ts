import { setImmediate as nextTurn } from 'node:timers/promises';
import { StorageError } from '../ports/storage-error.js';
import { EmbeddedEnvironment } from './embedded-environment.js';
import { Table } from './embedded-table.js';

/**
 * The store reads its file through a memory map, and every page once looked at stays counted as this process's memory:
 * after a large import, all of the file. More than this of them, beyond those at the start, are given back.
 */
const MAPPED_BYTES = 64 * 2 ** 20;

/**
 * The embedded store: one LMDB environment in the data folder. Transactions are ACID, survive `kill -9` and power
 * loss, and exclude each other between processes that share the folder.
 */
export class EmbeddedDatabase {
  private readonly tables: Pick<Table<unknown>, 'moveTo'>[] = [];
  private mappedAtStart: number;
  /** Transactions that have been asked for and are not over. */
  private readonly pending = new Set<Promise<unknown>>();
  /** While the environment is opened anew, everything else waits. */
  private renewal: Promise<void> | undefined;
  private isClosed = false;

  private constructor(
    private readonly dataDir: string,
    private environment: EmbeddedEnvironment | undefined,
    private readonly mapped: () => number,
  ) {
    this.mappedAtStart = mapped();
  }

  /**
   * Opens or creates the store; a folder and a file that it creates are this user's alone. `mapped` tells how many bytes
   * of files this process holds in memory. Throws StorageError.
   */
  static open(dataDir: string, mapped: () => number): EmbeddedDatabase {
    return new EmbeddedDatabase(dataDir, EmbeddedEnvironment.open(dataDir, false), mapped);
  }

  /** A table by its name, made if there is none. */
  table<Value, Key extends string | number = string>(name: string): Table<Value, Key> {
    const table = new Table<Value, Key>(name, this.opened());
    this.tables.push(table);
    return table;
  }

  /** Runs a read; other processes' commits before it are seen. */
  async read<T>(operation: string, run: () => T): Promise<T> {
    while (this.renewal) await this.renewal;
    try {
      this.opened().refresh();
      return run();
    } catch (error) {
      throw new StorageError(operation, error);
    } finally {
      this.giveBackIfLarge();
    }
  }

  /**
   * Runs `change` as one transaction: nobody else writes between its reads and its writes. Resolves when what it wrote
   * is on the disk.
   */
  async transaction<T>(operation: string, change: () => T): Promise<T> {
    while (this.renewal) await this.renewal;
    let running: Promise<T> | undefined;
    try {
      running = this.opened().transaction(change);
      this.pending.add(running);
      return await running;
    } catch (error) {
      throw new StorageError(operation, await reasonOf(error));
    } finally {
      if (running) this.pending.delete(running);
      this.giveBackIfLarge();
    }
  }

  /** Closes the store once what runs is over. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.renewal;
    await this.environment?.close();
  }

  private opened(): EmbeddedEnvironment {
    if (this.isClosed) throw new Error('the store is closed');
    if (this.environment) return this.environment;
    const environment = EmbeddedEnvironment.open(this.dataDir, true);
    for (const table of this.tables) table.moveTo(environment);
    return (this.environment = environment);
  }

  private giveBackIfLarge(): void {
    if (this.renewal || this.isClosed || this.mapped() - this.mappedAtStart < MAPPED_BYTES) return;
    this.renewal = this.renew().finally(() => {
      this.renewal = undefined;
    });
  }

  /** Opens the environment anew. Where that fails, the next operation tries again, and tells. */
  private async renew(): Promise<void> {
    await Promise.allSettled(this.pending);
    const { environment } = this;
    this.environment = undefined;
    await environment?.close();
    this.mappedAtStart = this.mapped();
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
