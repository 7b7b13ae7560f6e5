import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Clock } from '../../lib/clock.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { ChannelStateStore } from '../../storage/ports/channel-state.store.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { ChannelSupervisor } from './supervisor.js';
import type { TestResultDto } from './channels.dto.js';
import { Destinations } from './destinations.js';
import { testNotification } from './message-builder.js';

/** Attempts to change a state that its holder writes as well. */
const MAX_ATTEMPTS = 20;
/** A test goes to so many destinations of a receiver at most: it shows whether the receiver works. */
const TESTED = 10;

/** What operators ask of receivers, on any instance. Throws StorageError. */
@Injectable()
export class ChannelOperations {
  constructor(
    @Inject(ChannelStateStore) private readonly states: ChannelStateStore,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
    private readonly destinations: Destinations,
    private readonly supervisor: ChannelSupervisor,
    private readonly clock: Clock,
  ) {}

  /** Sends a test message at once, ahead of everything that waits. */
  async test(receiver: string): Promise<TestResultDto> {
    const endpoints = (await this.destinations.all()).filter(
      (endpoint) => endpoint.receiver.name === receiver,
    );
    const results = await Promise.all(
      endpoints.slice(0, TESTED).map(async ({ name, slug, channel }) => {
        const notification = testNotification(`${slug}.test-${uuid()}`, this.clock.now());
        const delivery = await channel.deliver(notification, new AbortController().signal);
        return delivery.outcome === 'delivered'
          ? { name, delivered: true, reason: null, retryable: false }
          : { name, delivered: false, reason: delivery.reason, retryable: delivery.retryable };
      }),
    );
    const delivered = results.length > 0 && results.every((result) => result.delivered);
    return { delivered, destinations: results };
  }

  /** Asks for dead letters to be sent again. Returns how many; undefined where none has this key. */
  async redrive(receiver: string, key: string | undefined): Promise<number | undefined> {
    const letter = key === undefined ? undefined : await this.letters.get(receiver, key);
    if (key !== undefined && letter === undefined) return undefined;
    const before = this.clock.now();
    const redrive = { before, ...(key === undefined ? {} : { letter: key }) };
    const isAsked = ({ endpoint }: ChannelState) => letter === undefined || endpoint === letter.endpoint;
    await this.ask(receiver, isAsked, { redrive });
    return letter ? 1 : this.letters.count(receiver);
  }

  /** Resumes a receiver that was stopped. */
  async resume(receiver: string): Promise<void> {
    await this.ask(receiver, ({ stopped }) => stopped !== undefined, { stopped: undefined });
  }

  private async ask(
    receiver: string,
    isAsked: (state: ChannelState) => boolean,
    change: Pick<ChannelState, 'redrive'> | Pick<ChannelState, 'stopped'>,
  ): Promise<void> {
    for (const state of await this.states.list())
      if (state.receiver === receiver && isAsked(state)) await this.change(state, change);
    // The destinations that are served here need not wait for the next look.
    await this.supervisor.look();
  }

  /** Changes a state on top of whatever is stored by now; a state that was removed meanwhile stays removed. */
  private change(read: ChannelState, change: Partial<ChannelState>): Promise<void> {
    let state: ChannelState | undefined = read;
    return retryOnConflict({ what: 'the state of a channel', maxAttempts: MAX_ATTEMPTS }, async () => {
      if (state === undefined) return;
      if (await this.states.put({ ...state, ...change, revision: state.revision + 1 })) return;
      state = await this.states.get(read.endpoint);
      return CONFLICT;
    });
  }
}
