import { isDeepStrictEqual } from 'node:util';
import type { Frame } from '../support/clients/ws-client.js';
import { connectWebSocket } from './connections.js';
import { Follower, type Connection } from './follower.js';
import type { LiveServer } from './server-lives.js';

const PLAIN_TYPES = ['employee_stress', 'department_critical'];

/** A plain client: while it is away it misses what happens, but it never sees anything twice or out of order. */
export class PlainFollower extends Follower {
  /** The events of each connection. */
  private readonly visits: Frame[][] = [];

  /** Compares each visit with the part of the log that it must be: without a gap between its first and last event. */
  compare(log: readonly Frame[]): void {
    const raised = log.filter(({ type }) => PLAIN_TYPES.includes(type));
    let next = 0;
    for (const visit of this.visits) {
      const from = raised.findIndex(({ id }) => id === visit[0]?.id);
      if (visit.length === 0) continue;
      const isPart = isDeepStrictEqual(visit, raised.slice(from, from + visit.length));
      if (from < next || !isPart)
        this.complain(`a visit of ${visit.length} events from ${visit[0]?.id} is no part of the log`);
      next = from + visit.length;
    }
  }

  protected override connect(server: LiveServer): Promise<Connection> {
    return connectWebSocket(server, '');
  }

  protected override reaches(): boolean {
    return true;
  }

  protected override take(frames: readonly Frame[]): void {
    this.visits.push(frames.filter(({ type }) => PLAIN_TYPES.includes(type)));
    const odd = frames.find(({ type }) => ![...PLAIN_TYPES, 'connection', 'pong'].includes(type));
    if (odd || frames[0]?.type !== 'connection') this.complain(`unexpected: ${JSON.stringify(odd)}`);
  }
}
