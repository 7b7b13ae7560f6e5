import {
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { JwtConfig, KeyConfig } from '../../config/security-config.js';
import type { Clock } from '../../lib/clock.js';
import type { Caller } from '../../domain/access/access.js';
import { callerFromClaims } from '../../domain/access/token-claims.js';
import { readFileSync } from 'node:fs';

/** A key set that was read is used so long, in milliseconds: a key that was taken out of it counts no longer. */
const FILE_AGE_MS = 10_000;
const URL_AGE_MS = 600_000;
/** An unknown key id asks the issuer for its keys again, but not more often than this. */
const COOL_DOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** Where the key of a token is looked up, and which algorithms its signature may use. */
interface TokenKeys {
  readonly algorithms: NonNullable<JWTVerifyOptions['algorithms']>;
  readonly keyOf: JWTVerifyGetKey;
}

/**
 * The keys of a configuration. The kind of key fixes the algorithms, so that a public key is never taken for a shared
 * secret. `kid` only looks a key up; what a token says of where to get a key (`jku`, `x5u`, `jwk`) is not looked at.
 */
function tokenKeys(config: KeyConfig, now: () => number): TokenKeys {
  switch (config.kind) {
    case 'secret': {
      const secret = new TextEncoder().encode(config.secret.reveal());
      return { algorithms: ['HS256'], keyOf: () => secret };
    }
    case 'file':
      return { algorithms: PUBLIC_KEY, keyOf: keySetFile(config.path, now) };
    case 'url': {
      const options = {
        cacheMaxAge: URL_AGE_MS,
        cooldownDuration: COOL_DOWN_MS,
        timeoutDuration: TIMEOUT_MS,
      };
      return { algorithms: PUBLIC_KEY, keyOf: createRemoteJWKSet(new URL(config.url), options) };
    }
  }
}

const PUBLIC_KEY: TokenKeys['algorithms'] = ['RS256', 'ES256', 'EdDSA'];

function keySetFile(path: string, now: () => number): JWTVerifyGetKey {
  let keyOf: JWTVerifyGetKey | undefined;
  let readAt = -Infinity;
  return (header, token) => {
    if (!keyOf || now() - readAt > FILE_AGE_MS) {
      // Where that throws, the keys from before are no longer known to be good.
      keyOf = undefined;
      keyOf = createLocalJWKSet(JSON.parse(readFileSync(path, 'utf8')) as JSONWebKeySet);
      readAt = now();
    }
    return keyOf(header, token);
  };
}

/** Longer ones are not looked at: a header of HTTP cannot hold more. */
const MAX_CHARACTERS = 16_384;

/** Why a token does not let its bearer in. `keys_unavailable` is not the bearer's fault. */
export type TokenFault =
  'invalid' | 'expired' | 'not_yet_valid' | 'no_subject' | 'no_role' | 'keys_unavailable';

/** A token does not let its bearer in. `cause` is for the log, and holds nothing of the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  constructor(
    readonly fault: TokenFault,
    cause?: unknown,
  ) {
    super(`The token is refused: ${fault}`, { cause });
  }
}

/** Somebody who was let in, and until when: milliseconds since 1970; absent: for good. */
export interface Admission {
  readonly caller: Caller;
  readonly expiresAt?: number;
}

/** Verifies JSON Web Tokens as RFC 8725 asks: REST and WebSocket share this one. */
export class TokenVerifier {
  private readonly keys: TokenKeys;

  constructor(
    private readonly config: JwtConfig,
    private readonly clock: Clock,
  ) {
    this.keys = tokenKeys(config.keys, () => clock.monotonic());
  }

  /** Who the token names. Rejects with TokenRefused, and with nothing else. */
  async verify(token: string): Promise<Admission> {
    if (token.length > MAX_CHARACTERS) throw new TokenRefused('invalid');
    const payload = await this.payloadOf(token);
    const caller = callerFromClaims(payload, this.config);
    if (typeof caller === 'string') throw new TokenRefused(caller);
    if (payload.exp === undefined) throw new TokenRefused('invalid');
    return { caller, expiresAt: payload.exp * 1_000 };
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    const { issuer, audience, type, clockSkewSeconds } = this.config;
    const options: JWTVerifyOptions = {
      algorithms: this.keys.algorithms,
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(this.clock.now()),
      ...(type === undefined ? {} : { typ: type }),
    };
    try {
      return (await jwtVerify(token, this.keys.keyOf, options)).payload;
    } catch (error) {
      throw new TokenRefused(faultOf(error), error);
    }
  }
}

/** What the library says of the token itself; everything else is about the keys. */
const ABOUT_TOKEN: ReadonlySet<string> = new Set([
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWTInvalid.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') return 'not_yet_valid';
  return error instanceof errors.JOSEError && ABOUT_TOKEN.has(error.code) ? 'invalid' : 'keys_unavailable';
}
