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

/** How long a key set is used before it is read again, in milliseconds. After that a removed key is refused. */
const FILE_AGE_MS = 10_000;
const URL_AGE_MS = 600_000;
/** An unknown key id makes the verifier read the keys of the issuer again, but not more often than this. */
const COOL_DOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** The key lookup of a configuration, and the algorithms that a signature may use. */
interface TokenKeys {
  readonly algorithms: NonNullable<JWTVerifyOptions['algorithms']>;
  readonly keyOf: JWTVerifyGetKey;
}

/**
 * The keys of a configuration. The kind of key determines the algorithms, so that a public key is never used as a shared
 * secret. `kid` only selects a key. Headers that name a source of keys (`jku`, `x5u`, `jwk`) are ignored.
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
      // When the read throws, the previous keys are no longer known to be valid.
      keyOf = undefined;
      keyOf = createLocalJWKSet(JSON.parse(readFileSync(path, 'utf8')) as JSONWebKeySet);
      readAt = now();
    }
    return keyOf(header, token);
  };
}

/** A longer token is refused unread: an HTTP header cannot hold more. */
const MAX_CHARACTERS = 16_384;

/** Why a token is refused. `keys_unavailable` is not the fault of the bearer. */
export type TokenFault =
  'invalid' | 'expired' | 'not_yet_valid' | 'no_subject' | 'no_role' | 'keys_unavailable';

/** A token is refused. `cause` is for the log and holds no part of the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  constructor(
    readonly fault: TokenFault,
    cause?: unknown,
  ) {
    super(`The token is refused: ${fault}`, { cause });
  }
}

/** An admitted caller. `expiresAt` is milliseconds since 1970; absent: the admission does not expire. */
export interface Admission {
  readonly caller: Caller;
  readonly expiresAt?: number;
}

/** Verifies JSON Web Tokens as RFC 8725 recommends. REST and WebSocket share it. */
export class TokenVerifier {
  private readonly keys: TokenKeys;

  constructor(
    private readonly config: JwtConfig,
    private readonly clock: Clock,
  ) {
    this.keys = tokenKeys(config.keys, () => clock.monotonic());
  }

  /** The admission that a token gives. Rejects with TokenRefused, and with nothing else. */
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

/** Error codes of the library that concern the token itself; all others concern the keys. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
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
  return error instanceof errors.JOSEError && TOKEN_ERRORS.has(error.code) ? 'invalid' : 'keys_unavailable';
}
