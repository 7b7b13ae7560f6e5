import type { Frame } from '../support/clients/ws-client.js';
import type { Probe } from './client-group.js';
import { eventKey } from './lane-writer.js';

/** How long it took from the decision on an event until a client of another instance had it. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** A time without Redis, from before it went until every instance said that it was back; milliseconds since 1970. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** What is known of the events of a run. */
export interface Followed {
  readonly log: readonly Frame[];
  readonly probes: readonly Probe[];
  /** By {@link eventKey}. */
  readonly importedBy: ReadonlyMap<string, string>;
  readonly outage: Outage;
}

/** With Redis, and while it was away. */
export function latenciesOf({ log, probes, importedBy, outage }: Followed): {
  readonly up: Latencies;
  readonly away: Latencies;
} {
  const decided = decisions(log, importedBy);
  const [up, away]: [number[], number[]] = [[], []];
  for (const { instance, arrivals } of probes) {
    for (const [id, at] of arrivals) {
      const decision = decided.get(id);
      if (!decision || decision.instance === instance) continue;
      const isAway = decision.at >= outage.from && decision.at <= outage.to;
      (isAway ? away : up).push(at - decision.at);
    }
  }
  return { up: summary(up), away: summary(away) };
}

/** When, and by which instance, each event was decided of which that is known; by id. */
function decisions(
  log: readonly Frame[],
  importedBy: ReadonlyMap<string, string>,
): Map<string, { at: number; instance: string }> {
  const counts = new Map<string, number>();
  const decided = new Map<string, { at: number; instance: string }>();
  for (const { id, timestamp, data } of log) {
    const { employee_id, department_id } = data ?? {};
    const entity =
      typeof employee_id === 'string' ? `employee/${employee_id}` : `department/${String(department_id)}`;
    const index = counts.get(entity) ?? 0;
    counts.set(entity, index + 1);
    const instance = importedBy.get(eventKey(entity, index));
    if (instance !== undefined && id !== undefined)
      decided.set(id, { at: Date.parse(String(timestamp)), instance });
  }
  return decided;
}

function summary(values: number[]): Latencies {
  const sorted = values.sort((a, b) => a - b);
  const quantile = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return { count: sorted.length, p50: quantile(0.5), p99: quantile(0.99) };
}
