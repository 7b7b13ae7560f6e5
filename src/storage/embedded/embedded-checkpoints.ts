import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StateEvent } from '../../domain/alerts/log-event.js';
import type { Checkpoint } from '../ports/alert-log.store.js';
import { rewriteActive, type EventChange } from '../ports/event-rewrite.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Events written in one transaction: about 5 ms of work. */
const PART = 500;
/** Parts removed in one transaction. */
const REMOVED_AT_ONCE = 50;
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
  private readonly parts: Table<readonly StateEvent[]>;
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
    const newest = await this.database.transaction('keep a checkpoint', () => {
      const kept = this.manifests.get(MANIFEST);
      if (kept !== undefined && kept.head >= head) return kept.head;
      this.manifests.put(MANIFEST, { head, parts });
      return head;
    });
    await this.removeBefore(newest);
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

  /** Changes the events of every part, of whichever checkpoint it is. */
  async rewrite(change: EventChange): Promise<void> {
    const keys = await this.database.read('read the checkpoint', () => this.parts.keys({}));
    for (const key of keys) {
      const events = await this.database.read('read the checkpoint', () => this.parts.get(key) ?? []);
      if (rewriteActive(events, change).changed > 0) {
        await this.database.transaction('rewrite a checkpoint', () => {
          const current = this.parts.get(key);
          if (current) this.parts.put(key, rewriteActive(current, change).events);
        });
      }
      await nextTurn();
    }
  }

  /**
   * Removes the parts of every checkpoint older than `head`: of those that were replaced, or came too late, and of those
   * that a crash cut off. Who still writes such a one does the same at the end.
   */
  private async removeBefore(head: number): Promise<void> {
    const keys = await this.database.read('read the checkpoint', () => this.parts.keys({}));
    const old = keys.filter((key) => headOf(key) < head);
    for (let start = 0; start < old.length; start += REMOVED_AT_ONCE) {
      await this.database.transaction('remove a checkpoint', () => {
        for (const key of old.slice(start, start + REMOVED_AT_ONCE)) this.parts.remove(key);
      });
    }
  }
}

function keyOf(head: number, part: number): string {
  return `${head}/${part}`;
}

function headOf(key: string): number {
  return Number(key.split('/')[0]);
}
