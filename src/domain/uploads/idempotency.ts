/** Longer keys identify nothing better; the draft recommends a UUID. */
const MAX_KEY_CHARACTERS = 255;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters,
 * with or without the quotes that the draft puts around them. Undefined when it is none.
 */
export function readIdempotencyKey(header: string): string | undefined {
  const text = header.trim();
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return key.length <= MAX_KEY_CHARACTERS && /^[!#-~]+$/.test(key) ? key : undefined;
}

/** What the first request of a key led to. */
export interface KeyedUpload {
  /** Of its file and its options. */
  readonly fingerprint: string;
  readonly uploadId: string;
}

/** A key in use. Times are milliseconds since 1970. */
export interface KeyUse {
  /** The key, so that no two callers share one, and of bounded length. */
  readonly key: string;
  /** The request that holds it: a UUID. */
  readonly holder: string;
  /** The process that received that request. */
  readonly instance: string;
  readonly since: number;
  /** Known once the body is received: before the upload exists, and not before. */
  readonly upload?: KeyedUpload;
}

/** What a request finds its key to be: not in use (any more), that of an upload, or another request's. */
export type KeyState = 'free' | 'used' | 'held';

/** `isUpload`: the upload that the key names exists. `isHeldOn`: the request that holds it may still go on. */
export function keyState(
  use: KeyUse | undefined,
  { now, ttlMs, isUpload, isHeldOn }: { now: number; ttlMs: number; isUpload: boolean; isHeldOn: boolean },
): KeyState {
  if (!use || use.since + ttlMs <= now) return 'free';
  if (use.upload && isUpload) return 'used';
  // Without an upload nothing came of the request: it ended in a refusal or a crash, unless it still goes on.
  return isHeldOn ? 'held' : 'free';
}
