import type { RaisedEvent } from '../../domain/alert.js';
import type { Checkpoint } from '../alert-log.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Events written in one transaction: about 5 ms of work. */
const PART = 500;
const MANIFEST = 'manifest';

interface Manifest {
  readonly head: number;
  readonly parts: number;
}

/**
 * Checkpoints in the embedded store. The parts are written first, so that the event loop gets its turns between them,
 * and become valid with the manifest that names them.
 */
export class EmbeddedCheckpoints {
  private readonly parts: Table<readonly RaisedEvent[]>;
  private readonly manifests: Table<Manifest>;

  constructor(private readonly database: EmbeddedDatabase) {
    this.parts = database.table('checkpoint_parts');
    this.manifests = database.table('checkpoints');
  }

  /** A checkpoint older than the one that is kept is ignored. */
  async save({ head, active }: Checkpoint): Promise<void> {
    let parts = 0;
    for (let start = 0; start < active.length; start += PART, parts += 1) {
      const [key, events] = [keyOf(head, parts), active.slice(start, start + PART)];
      await this.database.transaction('keep a checkpoint', () => this.parts.put(key, events));
    }
    const replaced = await this.database.transaction('keep a checkpoint', () => {
      const kept = this.manifests.get(MANIFEST);
      if (kept !== undefined && kept.head >= head) return kept.head === head ? undefined : { head, parts };
      this.manifests.put(MANIFEST, { head, parts });
      return kept;
    });
    if (replaced) await this.remove(replaced);
  }

  /** The newest one, whole, or undefined. Throws StorageError. */
  load(): Promise<Checkpoint | undefined> {
    return this.database.read('read the checkpoint', () => {
      const manifest = this.manifests.get(MANIFEST);
      if (manifest === undefined) return undefined;
      const { head, parts } = manifest;
      const active = Array.from({ length: parts }, (_, part) => {
        const events = this.parts.get(keyOf(head, part));
        if (events === undefined) throw new Error('A part of the checkpoint is missing');
        return events;
      });
      return { head, active: active.flat() };
    });
  }

  private async remove({ head, parts }: Manifest): Promise<void> {
    await this.database.transaction('remove a checkpoint', () => {
      for (let part = 0; part < parts; part += 1) this.parts.remove(keyOf(head, part));
    });
  }
}

function keyOf(head: number, part: number): string {
  return `${head}/${part}`;
}
