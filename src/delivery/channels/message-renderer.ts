import type { PreparedMessage } from '../../domain/notifications/channel-state.js';
import {
  DigestTally,
  type Notification,
  type TellableEvent,
} from '../../domain/notifications/notification.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { ChannelLog } from './log-cursor.js';

/** For whom a message is: programs get every event, people what they can read. */
export type Audience = 'program' | 'people';

/** Of what still fires, a program gets no more than this; the counts tell all. */
const LISTED = 50;
/** Messages kept: the destinations of a receiver are told the same thing one after another. */
const KEPT = 8;

type Content = Pick<Notification, 'at' | 'digest' | 'events'>;

/** Makes of prepared messages what channels deliver. */
export class MessageRenderer {
  private readonly kept = new Map<string, Promise<Content | undefined>>();

  constructor(private readonly log: ChannelLog) {}

  /**
   * What a message tells, from what the log holds by now; undefined when it holds none of the events any more, or of a
   * reminder none fires any more. Throws StorageError.
   */
  async render(message: PreparedMessage, audience: Audience): Promise<Notification | undefined> {
    const { id, kind, isGroup } = message;
    const isShared = audience === 'people' && kind === 'alerts';
    const content = await (isShared ? this.shared(message) : this.content(message, audience));
    return content && { id, kind, isGroup, ...content };
  }

  private shared(message: PreparedMessage): Promise<Content | undefined> {
    const key = `${this.log.generation} ${message.ids}`;
    const content = this.kept.get(key) ?? this.content(message, 'people');
    this.kept.delete(key);
    this.kept.set(key, content);
    for (const [oldest] of this.kept) if (this.kept.size > KEPT) this.kept.delete(oldest);
    content.catch(() => this.kept.delete(key));
    return content;
  }

  private async content({ kind, ids }: PreparedMessage, audience: Audience): Promise<Content | undefined> {
    const tally = new DigestTally();
    const listed: TellableEvent[] = [];
    let at = -Infinity;
    for await (const events of this.log.events(IdRanges.parse(ids)))
      for (const event of events) {
        if (kind === 'reminder' && !this.log.isFiring(event.id)) continue;
        tally.add(event);
        at = Math.max(at, event.at);
        if (audience === 'program' && listed.length < LISTED) listed.push(event);
      }
    if (at === -Infinity) return undefined;
    return { at, digest: tally.digest, events: audience === 'program' ? listed : tally.named };
  }
}

/** A message that somebody asked for, to see whether a channel works. */
export function testNotification(id: string, at: number): Notification {
  return { id, kind: 'test', at, digest: new DigestTally().digest, events: [], isGroup: false };
}
