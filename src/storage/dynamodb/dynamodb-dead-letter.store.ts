import type { DeadLetter } from '../../domain/notifications/channel-state.js';
import { DeadLetterStore } from '../ports/dead-letter.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** Before every key. */
const START = '0';

/** The dead letters in DynamoDB: a list for each receiver. */
export class DynamoDeadLetterStore extends DeadLetterStore {
  constructor(private readonly tables: DynamoTables) {
    super();
  }

  async put(letter: DeadLetter): Promise<void> {
    await this.listOf(letter.receiver).put(letter.key, { letter: JSON.stringify(letter) });
  }

  async get(receiver: string, key: string): Promise<DeadLetter | undefined> {
    const item = await this.listOf(receiver).get(key);
    return item && letterOf(item);
  }

  async list(receiver: string, limit: number, after = START): Promise<DeadLetter[]> {
    return (await this.listOf(receiver).following(after, limit)).map(letterOf);
  }

  async count(receiver: string): Promise<number> {
    let count = 0;
    for await (const page of this.listOf(receiver).pages()) count += page.length;
    return count;
  }

  async remove(receiver: string, key: string): Promise<void> {
    await this.listOf(receiver).remove(key);
  }

  private listOf(receiver: string): CoordinationList {
    return new CoordinationList(this.tables, `dead_letters/${receiver}`);
  }
}

function letterOf({ letter }: Item): DeadLetter {
  return JSON.parse(String(letter)) as DeadLetter;
}
