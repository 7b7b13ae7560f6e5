import type { KeyUse } from '../../domain/uploads/idempotency.js';
import { IdempotencyStore } from '../ports/idempotency.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Uses read, and removed, at once. */
const PAGE = 500;

/** The idempotency keys in the embedded store. */
export class EmbeddedIdempotencyStore extends IdempotencyStore {
  private readonly table: Table<KeyUse>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('idempotency_keys');
  }

  get(key: string): Promise<KeyUse | undefined> {
    return this.database.read('read an idempotency key', () => this.table.get(key));
  }

  put(use: KeyUse, over: string | undefined): Promise<boolean> {
    return this.database.transaction('keep an idempotency key', () => {
      if (this.table.get(use.key)?.holder !== over) return false;
      this.table.put(use.key, use);
      return true;
    });
  }

  async remove(key: string, holder: string): Promise<void> {
    await this.database.transaction('remove an idempotency key', () => this.removeHeld({ key, holder }));
  }

  async removeBefore(moment: number, signal: AbortSignal): Promise<void> {
    let after: string | undefined;
    do {
      signal.throwIfAborted();
      const range = { limit: PAGE, ...(after === undefined ? {} : { start: after, exclusiveStart: true }) };
      const page = await this.database.read('read the idempotency keys', () => this.table.range(range));
      const old = page.filter(({ since }) => since < moment);
      if (old.length > 0)
        await this.database.transaction('remove idempotency keys', () =>
          old.forEach((use) => this.removeHeld(use)),
        );
      after = page.at(-1)?.key;
    } while (after !== undefined);
  }

  private removeHeld({ key, holder }: Pick<KeyUse, 'key' | 'holder'>): void {
    if (this.table.get(key)?.holder === holder) this.table.remove(key);
  }
}
