/** A device that wants the messages of a receiver, as its browser describes it. Endpoint and `auth` are credentials. */
export interface PushSubscription {
  /** The same for the same device at the same receiver, and for no other one. */
  readonly id: string;
  /** The name of the receiver. */
  readonly receiver: string;
  /** An https address at the push service of the browser. Whoever knows it can send there. */
  readonly endpoint: string;
  /** The public key of the device: an uncompressed point on P-256, base64url. */
  readonly p256dh: string;
  /** What sender and device share: 16 bytes, base64url. */
  readonly auth: string;
  /** Who asked for it. */
  readonly subject: string;
  /** ISO-8601, UTC. */
  readonly createdAt: string;
}

/** A receiver sends a message for each of them: more are refused. */
export const MAX_SUBSCRIPTIONS = 1_000;

/** More devices than this nobody carries. */
export const MAX_SUBSCRIPTIONS_OF_SUBJECT = 20;

/** Whether there is room for a subscription beside the existing ones of its receiver, or what is full. It may replace one. */
export function roomFor(
  wanted: Pick<PushSubscription, 'id' | 'subject'>,
  existing: readonly Pick<PushSubscription, 'id' | 'subject'>[],
): 'room' | 'receiver_full' | 'subject_full' {
  const others = existing.filter(({ id }) => id !== wanted.id);
  if (others.length >= MAX_SUBSCRIPTIONS) return 'receiver_full';
  const own = others.filter(({ subject }) => subject === wanted.subject);
  return own.length >= MAX_SUBSCRIPTIONS_OF_SUBJECT ? 'subject_full' : 'room';
}
