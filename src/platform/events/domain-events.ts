import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { isAbort } from '../../lib/abort.js';
import type { DomainEventMap, DomainEventName } from './event-map.js';

/** One or more listeners of an event failed. All listeners were run. */
export class ListenerError extends AggregateError {
  override readonly name = 'ListenerError';
}

/**
 * Publishes and listens to domain events, typed at both ends, over the process's event emitter.
 *
 * Listeners of one event run side by side. Nothing is swallowed: a listener that fails is logged, the others still
 * run, and the publisher's promise rejects with ListenerError.
 */
@Injectable()
export class DomainEvents {
  private readonly logger = new Logger(DomainEvents.name);
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly emitter: EventEmitter2) {}

  /** Runs every listener and resolves when the last one is done. Rejects with {@link ListenerError}. */
  publish<Name extends DomainEventName>(name: Name, payload: DomainEventMap[Name]): Promise<void> {
    const run = this.run(name, payload);
    const tracked = run.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(tracked);
    void tracked.then(() => this.running.delete(tracked));
    return run;
  }

  /** Adds a listener and returns the function that removes it. */
  listen<Name extends DomainEventName>(
    name: Name,
    listener: (payload: DomainEventMap[Name]) => void | Promise<void>,
  ): () => void {
    const run = async (payload: DomainEventMap[Name]): Promise<void> => {
      await listener(payload);
    };
    const start = (payload: DomainEventMap[Name], runs: Promise<void>[]): void => {
      runs.push(run(payload));
    };
    this.emitter.on(name, start);
    return () => {
      this.emitter.off(name, start);
    };
  }

  /** Resolves when every published event, and every event that its listeners published, has been handled. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private async run<Name extends DomainEventName>(name: Name, payload: DomainEventMap[Name]): Promise<void> {
    const runs: Promise<void>[] = [];
    this.emitter.emit(name, payload, runs);
    const outcomes = await Promise.allSettled(runs);
    const failures = outcomes.flatMap((outcome): unknown[] =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    if (failures.length === 0) return;
    for (const failure of failures) {
      if (isAbort(failure)) continue; // no fault: the server stops
      this.logger.error({ err: failure, event: name }, `A listener of ${name} failed`);
    }
    throw new ListenerError(failures, `${failures.length} listener(s) of ${name} failed`);
  }
}
