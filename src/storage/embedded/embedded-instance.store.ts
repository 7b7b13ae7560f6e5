import { InstanceStore, type InstanceBeat } from '../ports/instance.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** The processes that share the embedded store. */
export class EmbeddedInstanceStore extends InstanceStore {
  private readonly table: Table<InstanceBeat>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('instances');
  }

  async beat(beat: InstanceBeat): Promise<void> {
    await this.database.transaction('keep a beat', () => this.table.put(beat.instance, beat));
  }

  list(): Promise<InstanceBeat[]> {
    return this.database.read('read the instances', () => this.table.range({}));
  }

  async remove({ instance, beat }: InstanceBeat): Promise<void> {
    await this.database.transaction('remove an instance', () => {
      if (this.table.get(instance)?.beat === beat) this.table.remove(instance);
    });
  }
}
