import { writeMessage, type PreparedMessage } from '../../domain/notifications/channel-progress.js';
import { deadLetterKey, type DeadLetter } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { NotifiableEvent } from '../../domain/notifications/notification.js';
import type { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import type { Clock } from '../../lib/clock.js';
import { failpoint } from '../../lib/failpoints.js';
import type { Endpoint } from './destinations.js';

/** Letters read at once. */
const PAGE = 50;
const FOLLOWS = 'the raise that it ends is a dead letter';

/** The dead letters of one destination. Throws StorageError. */
export class DeadLetters {
  constructor(
    private readonly store: DeadLetterStore,
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
  ) {}

  /** Keeps a message, in place of the letter that it was before. */
  async add(message: PreparedMessage, reason: string): Promise<void> {
    await this.store.put({
      ...writeMessage(message),
      key: deadLetterKey(message.ids.first ?? 0, message.id),
      reason,
      endpoint: this.endpoint.name,
      receiver: this.endpoint.receiver.name,
      buriedAt: this.clock.now(),
    });
    failpoint('channel.dead_lettered');
  }

  /** Keeps the clear of an alert whose raise is a dead letter: sent alone, it would make no sense. */
  async addClear({ id, at }: NotifiableEvent, lane: string, isGroup: boolean): Promise<void> {
    const ids = new IdRanges();
    ids.add(id);
    await this.add(
      { id: `${this.endpoint.slug}.${id}`, lane, kind: 'alerts', ids, isGroup, firstAt: at },
      FOLLOWS,
    );
  }

  /** The first letter of this destination after a key that was made at `before` or earlier. */
  async following(after: string | undefined, before: number): Promise<DeadLetter | undefined> {
    for (let last = after; ;) {
      const page = await this.store.list(this.endpoint.receiver.name, PAGE, last);
      const found = page.find(
        ({ endpoint, buriedAt }) => endpoint === this.endpoint.name && buriedAt <= before,
      );
      if (found) return found;
      last = page.at(-1)?.key;
      if (page.length < PAGE) return undefined;
    }
  }

  /** One letter, or undefined. */
  get(key: string): Promise<DeadLetter | undefined> {
    return this.store.get(this.endpoint.receiver.name, key);
  }

  async remove({ key }: DeadLetter): Promise<void> {
    await this.store.remove(this.endpoint.receiver.name, key);
  }
}
