import { EventEmitter2 } from '@nestjs/event-emitter';
import { ChangeFollower } from '../../../src/ingest/change-stream/change-follower.js';
import { StreamLease } from '../../../src/ingest/change-stream/stream-lease.js';
import type { TablesEdited } from '../../../src/platform/events/event-map.js';
import { DomainEvents } from '../../../src/platform/events/domain-events.js';
import { InstanceRegistry } from '../../../src/platform/cluster/instance-registry.js';
import { Lifecycle } from '../../../src/platform/lifecycle/lifecycle.js';
import { Metrics } from '../../../src/platform/observability/metrics.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import type { TableChanges } from '../../../src/storage/ports/change-stream.js';
import type { SettableClock } from './settable-clock.js';

/** What was asked for, in short. */
export interface Asked {
  readonly employees: readonly string[];
  readonly departments: readonly string[];
  readonly divisions: readonly string[];
}

/** One instance that follows edits, and what it asks the others for. */
export class EditsHarness {
  readonly asked: (Asked | 'all')[] = [];
  readonly metrics = new Metrics();
  readonly registry: InstanceRegistry;
  readonly follower: ChangeFollower;
  /** What those who are asked do. */
  listener: () => Promise<void> = () => Promise.resolve();

  constructor(
    storage: Storage,
    changes: TableChanges,
    readonly clock: SettableClock,
    name = 'one',
  ) {
    this.registry = new InstanceRegistry(storage.instances, clock, { id: name, host: `of ${name}`, pid: 1 });
    const events = new DomainEvents(new EventEmitter2());
    events.listen('tables.edited', ({ employees, departments, divisions }: TablesEdited) => {
      this.asked.push({ employees, departments, divisions: [...divisions.values()] });
      return this.listener();
    });
    events.listen('edits.missed', () => {
      this.asked.push('all');
      return this.listener();
    });
    const reading = new StreamLease(changes, storage.streamPosition, this.registry);
    this.follower = new ChangeFollower(
      reading,
      events,
      this.metrics,
      new Lifecycle(),
      clock,
      storage.syncJournal,
    );
  }

  /** Looks once, and tells what it has asked for. */
  async turn(): Promise<(Asked | 'all')[]> {
    this.asked.length = 0;
    await this.follower.turn();
    return [...this.asked];
  }
}
