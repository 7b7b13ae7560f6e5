import type { DeadLetter } from '../../domain/notifications/channel-state.js';
import { DeadLetterStore } from '../ports/dead-letter.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** The dead letters in the embedded store: by receiver and key. */
export class EmbeddedDeadLetterStore extends DeadLetterStore {
  private readonly table: Table<DeadLetter>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('dead_letters');
  }

  async put(letter: DeadLetter): Promise<void> {
    const key = keyOf(letter.receiver, letter.key);
    await this.database.transaction('keep a dead letter', () => this.table.put(key, letter));
  }

  get(receiver: string, key: string): Promise<DeadLetter | undefined> {
    return this.database.read('read a dead letter', () => this.table.get(keyOf(receiver, key)));
  }

  list(receiver: string, limit: number, after = ''): Promise<DeadLetter[]> {
    const range = { start: keyOf(receiver, after), exclusiveStart: true, end: endOf(receiver), limit };
    return this.database.read('read the dead letters', () => this.table.range(range));
  }

  count(receiver: string): Promise<number> {
    const range = { start: keyOf(receiver, ''), end: endOf(receiver) };
    return this.database.read('count the dead letters', () => this.table.keys(range).length);
  }

  async remove(receiver: string, key: string): Promise<void> {
    await this.database.transaction('remove a dead letter', () => this.table.remove(keyOf(receiver, key)));
  }
}

function keyOf(receiver: string, key: string): string {
  return `${receiver}/${key}`;
}

/** No key of the receiver is at or after it: `0` follows the slash. */
function endOf(receiver: string): string {
  return `${receiver}0`;
}
