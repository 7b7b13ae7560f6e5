/** The maximum length of a key. The draft recommends a UUID. */
const MAX_KEY_CHARACTERS = 255;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters,
 * with or without the quotes of the draft. Undefined for any other text.
 */
export function readIdempotencyKey(header: string): string | undefined {
  const text = header.trim();
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return key.length <= MAX_KEY_CHARACTERS && /^[!#-~]+$/.test(key) ? key : undefined;
}

/** The upload of the first request with a key. */
export interface KeyedUpload {
  /** The fingerprint of its file and its options. */
  readonly fingerprint: string;
  readonly uploadId: string;
}

/** A key in use. Times are milliseconds since 1970. */
export interface KeyUse {
  /** The key with its caller, so that callers do not share keys, in bounded length. */
  readonly key: string;
  /** The request that holds it: a UUID. */
  readonly holder: string;
  /** The process that received that request. */
  readonly instance: string;
  readonly since: number;
  /** Present once the body is received, which is before the upload exists. */
  readonly upload?: KeyedUpload;
}

/** The state of a key for a request: unused or expired, used by an upload, or held by another request. */
export type KeyState = 'free' | 'used' | 'held';

/** The state of a key. `isUpload`: the upload of the key exists. `isHeldOn`: the request that holds the key can still run. */
export function keyState(
  use: KeyUse | undefined,
  { now, ttlMs, isUpload, isHeldOn }: { now: number; ttlMs: number; isUpload: boolean; isHeldOn: boolean },
): KeyState {
  if (!use || use.since + ttlMs <= now) return 'free';
  if (use.upload && isUpload) return 'used';
  // Without an upload the request was refused or crashed, unless it still runs.
  return isHeldOn ? 'held' : 'free';
}
