const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

/**
 * The key in a secret of Standard Webhooks: `whsec_` and 24 to 64 bytes as padded base64. Undefined for any other text,
 * including base64 that receivers could decode differently.
 */
export function parseWebhookSecret(text: string): Uint8Array | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const encoded = text.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Buffer skips characters that are not base64, so the round trip detects them.
  if (key.toString('base64') !== encoded) return undefined;
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}
