import webPush from 'web-push';
import type { WebPushReceiver } from '../../../config/channels-config.js';
import type { PushSubscription } from '../../../domain/notifications/push-subscription.js';

/** Seconds for which a push service keeps a message for a device that is off. Later it would be no news. */
const TTL = '3600';

/** What is sent: a device can read it, its push service cannot. */
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

/** The endpoint or a key is not what it should be. Which one it is, and why, would tell too much. */
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
    // What the library throws may tell a key.
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
  // Not the library's sendNotification: a peer that drips keeps it waiting for ever, and it reads all of an answer.
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
