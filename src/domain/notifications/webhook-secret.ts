const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

/**
 * The key in a secret of Standard Webhooks: `whsec_` and 24 to 64 bytes as base64, padded. Undefined for anything else;
 * a text that only some receivers would decode the same way is not one.
 */
export function parseWebhookSecret(text: string): Uint8Array | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const encoded = text.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Buffer skips what is not base64; what was skipped does not come back.
  if (key.toString('base64') !== encoded) return undefined;
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}
