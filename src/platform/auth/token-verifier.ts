import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { JwtConfig } from '../../config/security-config.js';
import type { Clock } from '../../lib/clock.js';
import type { Caller } from '../../domain/access/access.js';
import { callerFromClaims } from '../../domain/access/token-claims.js';
import { tokenKeys, type TokenKeys } from '../../auth/token-keys.js';

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
