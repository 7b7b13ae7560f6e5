import { countOf, type Notification } from '../../../domain/notifications/notification.js';
import { wordingOf, type Tone, type Wording } from '../../../domain/notifications/notification-text.js';

/** RFC 8291: a body of 4,096 bytes, which push services must accept, holds so many bytes of payload. */
export const MAX_PAYLOAD_BYTES = 3_993;
/** A longer address is left out: the device knows the page on which it subscribed. */
const URL_BYTES = 1_000;

/** The message for the service worker of the live page, as JSON. */
export interface PushPayload {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** A message replaces the one on the screen with the same tag. */
  readonly tag: string;
  readonly url?: string;
  readonly tone: Tone;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface PayloadOptions {
  readonly detail: 'thin' | 'full';
  readonly tag: string;
  readonly link?: string | undefined;
  /** `short`: title and count only. */
  readonly form: 'whole' | 'short';
}

/** The message for a device, at most {@link MAX_PAYLOAD_BYTES} of UTF-8; a longer one is cut between characters. */
export function pushPayload(notification: Notification, { detail, tag, link, form }: PayloadOptions): string {
  const { id, at } = notification;
  const wording = wordingOf(notification, detail);
  const hasUrl = form === 'whole' && link !== undefined && Buffer.byteLength(link) <= URL_BYTES;
  return fitted({
    id,
    title: wording.title,
    body: form === 'short' ? countLine(notification) : bodyOf(wording),
    tag,
    ...(hasUrl ? { url: link } : {}),
    tone: wording.tone,
    at,
  });
}

function bodyOf({ lines, more, departments }: Wording): string {
  return [...lines, ...(more === undefined ? [] : [more]), ...departments].join('\n');
}

function countLine(notification: Notification): string {
  const count = countOf(notification);
  return count === 0 ? '' : `${count} ${count === 1 ? 'alert' : 'alerts'}`;
}

/** JSON escapes some characters and not others, so the longest body that fits is found by bisection. */
function fitted(payload: PushPayload): string {
  const whole = JSON.stringify(payload);
  if (Buffer.byteLength(whole) <= MAX_PAYLOAD_BYTES) return whole;
  const characters = Array.from(payload.body);
  const shortened = (length: number): string => JSON.stringify({ ...payload, body: cut(characters, length) });
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(shortened(middle)) <= MAX_PAYLOAD_BYTES) fits = middle;
    else tooMany = middle;
  }
  return shortened(fits);
}

function cut(characters: readonly string[], length: number): string {
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length).join('')}…`;
}
