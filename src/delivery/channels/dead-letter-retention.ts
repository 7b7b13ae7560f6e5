import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import type { DeadLetter } from '../../domain/notifications/channel-state.js';
import { RetentionJob } from '../../platform/lifecycle/retention-job.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { Destinations } from './destinations.js';

/** Letters read at once. */
const PAGE = 100;

/**
 * Removes dead letters that are older than the retention of the log, because their events are gone with it, and dead
 * letters of devices that are not subscribed any more.
 */
@Injectable()
export class DeadLetterRetention extends RetentionJob {
  constructor(
    config: Config,
    lifecycle: Lifecycle,
    clock: Clock,
    @Inject(DeadLetterStore) letters: DeadLetterStore,
    destinations: Destinations,
  ) {
    const receivers = (config.channels?.receivers ?? []).map(({ name }) => name);
    const store = {
      async removeBefore(time: number, signal: AbortSignal): Promise<void> {
        const names = new Set((await destinations.all()).map(({ name }) => name));
        const isExpired = ({ buriedAt, endpoint, receiver }: DeadLetter): boolean =>
          buriedAt < time || (destinations.areSubscribed(receiver) && !names.has(endpoint));
        for (const receiver of receivers) await removeWhere(letters, receiver, isExpired, signal);
      },
    };
    const failure = 'Old dead letters could not be removed; trying again';
    super({ store, keptMs: config.alertRetentionMs, failure }, lifecycle, clock);
  }
}

async function removeWhere(
  store: DeadLetterStore,
  receiver: string,
  isExpired: (letter: DeadLetter) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let after: string | undefined; ;) {
    const page = await store.list(receiver, PAGE, after);
    for (const letter of page.filter(isExpired)) {
      signal.throwIfAborted();
      await store.remove(receiver, letter.key);
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) return;
  }
}
