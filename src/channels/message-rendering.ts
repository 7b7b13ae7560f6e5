import type { PreparedMessage } from '../domain/channel-state.js';
import { DigestTally } from '../domain/digest.js';
import { IdRanges } from '../domain/id-ranges.js';
import type { Notification, TellableEvent } from '../domain/notification.js';
import type { ChannelLog } from './channel-log.js';

/** For whom a message is: programs get every event, people what they can read. */
export type Audience = 'program' | 'people';

/** Of what still fires, a program gets no more than this; the counts tell all. */
const LISTED = 50;

/**
 * Makes of a prepared message what a channel delivers, from what the log holds by now; undefined when it holds none of
 * the events any more, or of a reminder none fires any more. Throws StorageError.
 */
export async function renderMessage(
  log: ChannelLog,
  { id, kind, ids, isGroup }: PreparedMessage,
  audience: Audience,
): Promise<Notification | undefined> {
  const tally = new DigestTally();
  const events: TellableEvent[] = [];
  let at = -Infinity;
  for await (const event of log.events(IdRanges.parse(ids))) {
    if (kind === 'reminder' && !log.isFiring(event.id)) continue;
    tally.add(event);
    at = Math.max(at, event.at);
    if (audience === 'program' && events.length < LISTED) events.push(event);
  }
  if (at === -Infinity) return undefined;
  return {
    id,
    kind,
    at,
    digest: tally.digest,
    events: audience === 'program' ? events : tally.named,
    isGroup,
  };
}

/** A message that somebody asked for, to see whether a channel works. */
export function testNotification(id: string, at: number): Notification {
  return { id, kind: 'test', at, digest: new DigestTally().digest, events: [], isGroup: false };
}
