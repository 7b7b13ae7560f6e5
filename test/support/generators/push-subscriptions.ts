import { createECDH, randomBytes, type ECDH } from 'node:crypto';
import type { PushSubscription } from '../../../src/domain/notifications/push-subscription.js';

/** A browser on some device: what it keeps to itself, and what it tells. */
export interface Device {
  readonly keys: ECDH;
  readonly auth: Buffer;
  readonly subscription: PushSubscription;
}

/** A subscription with keys of its own. */
export function makeDevice(id: string, differing: Partial<PushSubscription> = {}): Device {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = randomBytes(16);
  return {
    keys,
    auth,
    subscription: {
      id,
      receiver: 'phones',
      endpoint: `https://push.example.com/send/${id}`,
      p256dh: keys.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
      subject: 'ada',
      createdAt: '2026-11-22T20:12:00.123Z',
      ...differing,
    },
  };
}
