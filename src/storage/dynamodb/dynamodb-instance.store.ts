import { InstanceStore, type InstanceBeat } from '../ports/instance.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';

/**
 * After this many seconds DynamoDB removes the heartbeat of a process that vanished: far longer than any instance
 * waits.
 */
const EXPIRE_AFTER_S = 7 * 86_400;

/** The heartbeats of the processes that share the tables, in DynamoDB. */
export class DynamoInstanceStore extends InstanceStore {
  private readonly items: CoordinationList;

  /** `now`: milliseconds since 1970. */
  constructor(
    tables: DynamoTables,
    private readonly now: () => number = Date.now,
  ) {
    super();
    this.items = new CoordinationList(tables, 'instances');
  }

  async beat({ instance, host, pid, beat }: InstanceBeat): Promise<void> {
    const expires_at = Math.floor(this.now() / 1_000) + EXPIRE_AFTER_S;
    await this.items.put(instance, { host, pid, beat, expires_at });
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
