import { InstanceStore, type InstanceBeat } from '../instance.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';

/** The processes that share the tables. */
export class DynamoInstanceStore extends InstanceStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'instances');
  }

  async beat({ instance, host, pid, beat }: InstanceBeat): Promise<void> {
    await this.items.put(instance, { host, pid, beat });
  }

  async list(): Promise<InstanceBeat[]> {
    const found = await this.items.all();
    return found.map(({ id, host, pid, beat }) => ({
      instance: String(id),
      host: String(host),
      pid: Number(pid),
      beat: Number(beat),
    }));
  }

  async remove({ instance, beat }: InstanceBeat): Promise<void> {
    await this.items.removeIf(instance, 'beat', beat);
  }
}
