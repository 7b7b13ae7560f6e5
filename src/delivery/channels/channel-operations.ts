import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Clock } from '../../lib/clock.js';
import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { ChannelStateStore } from '../../storage/ports/channel-state.store.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { ChannelSupervisor } from './supervisor.js';
import type { TestResultDto } from './channels.dto.js';
import { Destinations } from './destinations.js';
import { testNotification } from './message-renderer.js';

/** Others changing one state at every one of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 20;
/** A test of many destinations goes to these many: it is to show whether the receiver works. */
const TESTED = 10;

/** Carries out what people ask of receivers, on whichever instance they ask. Throws StorageError. */
@Injectable()
export class ChannelOperations {
  constructor(
    @Inject(ChannelStateStore) private readonly states: ChannelStateStore,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
    private readonly destinations: Destinations,
    private readonly supervisor: ChannelSupervisor,
    private readonly clock: Clock,
  ) {}

  /** Sends a test message at once, past everything that waits. */
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

  /** Has dead letters tried again; answers how many, undefined where there is none with this key. */
  async redrive(receiver: string, key: string | undefined): Promise<number | undefined> {
    const letter = key === undefined ? undefined : await this.letters.get(receiver, key);
    if (key !== undefined && letter === undefined) return undefined;
    const before = this.clock.now();
    const redrive = { before, ...(key === undefined ? {} : { letter: key }) };
    const isMeant = ({ endpoint }: ChannelState) => letter === undefined || endpoint === letter.endpoint;
    await this.ask(receiver, isMeant, { redrive });
    return letter ? 1 : this.letters.count(receiver);
  }

  /** Has a receiver that was stopped try again. */
  async resume(receiver: string): Promise<void> {
    await this.ask(receiver, ({ stopped }) => stopped !== undefined, { stopped: undefined });
  }

  private async ask(
    receiver: string,
    isMeant: (state: ChannelState) => boolean,
    change: Pick<ChannelState, 'redrive'> | Pick<ChannelState, 'stopped'>,
  ): Promise<void> {
    for (const state of await this.states.list())
      if (state.receiver === receiver && isMeant(state)) await this.change(state, change);
    // What is worked here need not wait for the next look.
    await this.supervisor.look();
  }

  private async change(read: ChannelState, change: Partial<ChannelState>): Promise<void> {
    let state: ChannelState | undefined = read;
    for (let attempt = 0; attempt < MAX_ATTEMPTS && state !== undefined; attempt += 1) {
      const { revision }: ChannelState = state;
      if (await this.states.put({ ...state, ...change, revision: revision + 1 })) return;
      state = await this.states.get(read.endpoint);
    }
    if (state !== undefined) throw new Error('A channel was changed by others at every attempt to change it');
  }
}
