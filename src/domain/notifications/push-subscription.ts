/** The push subscription of a device to a receiver, as its browser describes it. Endpoint and `auth` are credentials. */
export interface PushSubscription {
  /** Unique for each pair of device and receiver, and stable. */
  readonly id: string;
  /** The name of the receiver. */
  readonly receiver: string;
  /** An https address of the push service of the browser. */
  readonly endpoint: string;
  /** The public key of the device: an uncompressed point on P-256, base64url. */
  readonly p256dh: string;
  /** The secret that sender and device share: 16 bytes, base64url. */
  readonly auth: string;
  /** The subject that created it. */
  readonly subject: string;
  /** ISO-8601, UTC. */
  readonly createdAt: string;
}

/** The maximum number of subscriptions of a receiver, which sends a message for each. */
export const MAX_SUBSCRIPTIONS = 1_000;

/** The maximum number of subscriptions of a subject at a receiver. */
export const MAX_SUBSCRIPTIONS_OF_SUBJECT = 20;

/** Whether a receiver accepts one more subscription, or which limit it has reached. A subscription may replace itself. */
export function roomFor(
  wanted: Pick<PushSubscription, 'id' | 'subject'>,
  existing: readonly Pick<PushSubscription, 'id' | 'subject'>[],
): 'room' | 'receiver_full' | 'subject_full' {
  const others = existing.filter(({ id }) => id !== wanted.id);
  if (others.length >= MAX_SUBSCRIPTIONS) return 'receiver_full';
  const own = others.filter(({ subject }) => subject === wanted.subject);
  return own.length >= MAX_SUBSCRIPTIONS_OF_SUBJECT ? 'subject_full' : 'room';
}
