import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { KeyConfig } from '../config/security-config.js';

/** A key set that was read is used so long, in milliseconds: a key that was taken out of it counts no longer. */
const FILE_AGE_MS = 10_000;
const URL_AGE_MS = 600_000;
/** An unknown key id asks the issuer for its keys again, but not more often than this. */
const COOL_DOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** Where the key of a token is looked up, and which algorithms its signature may use. */
export interface TokenKeys {
  readonly algorithms: NonNullable<JWTVerifyOptions['algorithms']>;
  readonly keyOf: JWTVerifyGetKey;
}

/**
 * The keys of a configuration. The kind of key fixes the algorithms, so that a public key is never taken for a shared
 * secret. `kid` only looks a key up; what a token says of where to get a key (`jku`, `x5u`, `jwk`) is not looked at.
 */
export function tokenKeys(config: KeyConfig, now: () => number): TokenKeys {
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
