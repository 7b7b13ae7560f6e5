import { createHmac } from 'node:crypto';

/** What is signed: the id and the body stay over all attempts, the time is that of this one. */
export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The header `webhook-signature` of Standard Webhooks 1.0.0: one signature for each key, in their order, so that a
 * receiver finds the one it knows while a secret is replaced.
 */
export function webhookSignature(
  { id, timestamp, body }: SignedContent,
  keys: readonly Uint8Array[],
): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
