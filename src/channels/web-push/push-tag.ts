import { createHmac } from 'node:crypto';
import { countOf, type Notification } from '../../domain/notifications/notification.js';

/** RFC 8030: a topic has at most 32 characters of base64url. These make exactly so many. */
const TAG_BYTES = 24;

/**
 * What the newer of two messages replaces the older by, at the push service (topic) and on the screen (tag).
 *
 * Messages about a single alert share a tag: a phone that was off, or a screen that nobody looked at, shows the newest
 * state of that alert, once. A digest has one of its own, for no later one tells the same; it is the same at every
 * attempt, so that a repeat replaces what came twice. The push service reads topics, and ids of people are easily
 * guessed, so it is a code that only device and sender can make: `key` is what they share.
 */
export function tagOf(notification: Notification, key: Buffer): string {
  const { id, events } = notification;
  const [only] = events;
  const about =
    only !== undefined && countOf(notification) === 1
      ? ['alert', only.alert, only.entityId]
      : ['notification', id];
  const code = createHmac('sha256', key).update(JSON.stringify(about)).digest();
  return code.toString('base64url', 0, TAG_BYTES);
}
