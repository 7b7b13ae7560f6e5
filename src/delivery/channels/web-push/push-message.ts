import webPush from 'web-push';
import type { WebPushReceiver } from './push-receiver.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';
import { createHmac } from 'node:crypto';
import { countOf, type Notification } from '../../../domain/notifications/notification.js';

/** RFC 8030: a topic has at most 32 characters of base64url. These make exactly so many. */
const TAG_BYTES = 24;

/**
 * The tag by which a newer message replaces an older one, at the push service (topic) and on the screen (tag).
 *
 * Messages about a single alert share a tag: a phone that was off, or a screen that was not looked at, shows the newest
 * state of that alert, once. A digest has its own tag, the same at every attempt, so that a repeat replaces itself. The
 * push service reads topics, and ids of people are easily guessed, so the tag is a code that only device and sender can
 * make: `key` is the secret that they share.
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

/** Seconds for which a push service keeps a message for a device that is off. Later the message is outdated. */
const TTL = '3600';

/** An encrypted message: the device can read it, its push service cannot. */
export interface PushMessage {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface PushContent {
  readonly payload: string;
  readonly topic: string;
  readonly urgency: 'high' | 'normal';
}

/** The endpoint or a key is invalid. The error does not say which one: the text could show a part of it. */
export class UnusableKeys extends Error {}

/**
 * Encrypts for the device (RFC 8291) and signs for its push service (RFC 8292; good for 12 hours). Throws
 * {@link UnusableKeys}.
 */
export function pushMessage(
  receiver: WebPushReceiver,
  subscription: PushSubscription,
  content: PushContent,
): PushMessage {
  try {
    return encrypted(receiver, subscription, content);
  } catch {
    // The error of the library may hold a key.
    throw new UnusableKeys('the message cannot be encrypted or signed');
  }
}

function encrypted(
  { subject, vapidPublic, vapidPrivate }: WebPushReceiver,
  { endpoint, p256dh, auth }: PushSubscription,
  { payload, topic, urgency }: PushContent,
): PushMessage {
  const url = new URL(endpoint);
  if (url.protocol !== 'https:') throw new Error('An endpoint must be https');
  // Not the library's sendNotification: a slow peer keeps it waiting for ever, and it reads the whole answer.
  const { cipherText } = webPush.encrypt(p256dh, auth, payload, 'aes128gcm');
  const key = vapidPrivate.reveal();
  const { Authorization } = webPush.getVapidHeaders(url.origin, subject, vapidPublic, key, 'aes128gcm');
  return {
    url,
    headers: {
      Authorization,
      'Content-Encoding': 'aes128gcm',
      'Content-Type': 'application/octet-stream',
      TTL,
      Urgency: urgency,
      Topic: topic,
    },
    body: cipherText,
  };
}
