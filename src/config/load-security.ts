import { readFileSync } from 'node:fs';
import { CertificateError, readCertificate } from './certificate.js';
import type { Environment, Settings } from './environment.js';
import { isLoopback } from './network-formats.js';
import { CALLER_LIMITS } from './security-settings.js';
import type { AuthConfig, CallerLimits, KeyConfig, SecurityConfig, TlsConfig } from './security-config.js';
import { codeOf } from '../lib/error-code.js';

/** As long as the digest of HS256 (RFC 7518, section 3.2). */
const SECRET_BYTES = 32;
/** While only this machine can call, no caller is limited. */
const NO_LIMIT = 0;

/** Reads who may call. Adds what is wrong to `problems`; the answer is of use only when there is nothing wrong. */
export function securityOf(
  environment: Environment,
  isProduction: boolean,
  problems: string[],
): SecurityConfig {
  const { settings } = environment;
  const auth = authOf(environment, problems);
  const tls = tlsOf(settings, problems);
  return {
    auth,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    trustedProxies: settings.TRUSTED_PROXIES,
    managersSeeEmployees: settings.MANAGERS_SEE_EMPLOYEES,
    limits: limitsOf(settings, auth.mode === 'off'),
    ...(tls ? { tls } : {}),
    docs: settings.DOCS ?? !isProduction,
    livePage: settings.LIVE_PAGE ?? !isProduction,
  };
}

function authOf(environment: Environment, problems: string[]): AuthConfig {
  const { settings, isRefused } = environment;
  if (isRefused('AUTH_MODE')) return { mode: 'off' };
  if (settings.AUTH_MODE === 'off') {
    if (!isLoopback(settings.HOST)) {
      problems.push(
        'HOST is not an address of this machine alone, so everybody who reaches it could read scores; set AUTH_MODE=jwt with its keys, or HOST=127.0.0.1',
      );
    }
    return { mode: 'off' };
  }
  const keys = keysOf(environment, problems);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  if (!environment.isSet('JWT_ISSUER')) problems.push('JWT_ISSUER must be set: the "iss" of the tokens');
  if (!environment.isSet('JWT_AUDIENCE'))
    problems.push('JWT_AUDIENCE must be set: the "aud" of tokens for Pulsewatch');
  if (keys === undefined || issuer === undefined || audience === undefined) return { mode: 'off' };
  return {
    mode: 'jwt',
    keys,
    issuer,
    audience,
    roleClaim: settings.JWT_ROLE_CLAIM,
    departmentsClaim: settings.JWT_DEPARTMENTS_CLAIM,
    ...(settings.JWT_TYPE === undefined ? {} : { type: settings.JWT_TYPE }),
    clockSkewSeconds: settings.JWT_CLOCK_SKEW / 1_000,
  };
}

/** Undefined: what is given is wrong, which is said; or was refused before. */
function keysOf({ settings, isSet }: Environment, problems: string[]): KeyConfig | undefined {
  const given = (['JWT_SECRET', 'JWKS_FILE', 'JWKS_URL'] as const).filter(isSet);
  if (given.length !== 1) {
    problems.push('AUTH_MODE=jwt needs exactly one of JWT_SECRET, JWKS_FILE and JWKS_URL');
    return undefined;
  }
  const { JWT_SECRET, JWKS_FILE, JWKS_URL } = settings;
  if (JWT_SECRET !== undefined) {
    if (Buffer.byteLength(JWT_SECRET.reveal()) < SECRET_BYTES)
      problems.push(`JWT_SECRET must have ${SECRET_BYTES} bytes or more`);
    return { kind: 'secret', secret: JWT_SECRET };
  }
  if (JWKS_FILE !== undefined) {
    const fault = faultOf(() => parseKeySet(readFileSync(JWKS_FILE, 'utf8')));
    if (fault !== undefined) problems.push(`JWKS_FILE: the file cannot be used: ${fault}`);
    return { kind: 'file', path: JWKS_FILE };
  }
  if (JWKS_URL === undefined) return undefined;
  const { protocol, hostname } = new URL(JWKS_URL);
  if (protocol === 'http:' && !isLoopback(hostname))
    problems.push('JWKS_URL must be an https address: a party that can change the keys can sign tokens');
  return { kind: 'url', url: JWKS_URL };
}

function tlsOf({ TLS_CERT, TLS_KEY }: Settings, problems: string[]): TlsConfig | undefined {
  if (TLS_CERT === undefined && TLS_KEY === undefined) return undefined;
  if (TLS_CERT === undefined || TLS_KEY === undefined) {
    problems.push('TLS_CERT and TLS_KEY must be set together');
    return undefined;
  }
  const tls = { certPath: TLS_CERT, keyPath: TLS_KEY };
  try {
    readCertificate(tls);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    problems.push(error.message);
  }
  return tls;
}

function limitsOf(settings: Settings, isLocal: boolean): CallerLimits {
  const limit = (value: number | undefined, usual: number) => value ?? (isLocal ? NO_LIMIT : usual);
  return {
    connectionsPerAddress: limit(settings.WS_MAX_CONNECTIONS_PER_ADDRESS, CALLER_LIMITS.connections),
    messagesPerMinute: limit(settings.WS_MAX_MESSAGES_PER_MINUTE, CALLER_LIMITS.messages),
    requestsPerMinute: limit(settings.REQUESTS_PER_MINUTE, CALLER_LIMITS.requests),
    uploadsPerMinute: limit(settings.UPLOADS_PER_MINUTE, CALLER_LIMITS.uploads),
  };
}

function parseKeySet(text: string): void {
  const set: unknown = JSON.parse(text);
  const hasKeys = typeof set === 'object' && set !== null && 'keys' in set && Array.isArray(set.keys);
  if (!hasKeys) throw new SyntaxError('it holds no "keys"');
}

/** Why something throws: the code of the error, which holds no value of ours. */
function faultOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'it cannot be read';
  }
}
