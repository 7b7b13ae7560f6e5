import { readFileSync } from 'node:fs';
import { CertificateError, readCertificate } from './certificate.js';
import type { Environment } from './environment.js';
import { isLoopback, listOf } from './network-formats.js';
import { Secret } from './secret.js';
import type { AuthConfig, CallerLimits, KeyConfig, SecurityConfig, TlsConfig } from './security-config.js';
import { parseDuration } from '../lib/units.js';

/** As long as the digest of HS256 (RFC 7518, section 3.2). */
const SECRET_BYTES = 32;
/** While only this machine can call, nobody is kept from calling. */
const NO_LIMIT = '0';

/** Reads who may call. Adds what is wrong to `problems`; the answer is of use only when there is nothing wrong. */
export function securityOf(
  environment: Environment,
  isProduction: boolean,
  problems: string[],
): SecurityConfig {
  const auth = authOf(environment, problems);
  const tls = tlsOf(environment, problems);
  return {
    auth,
    allowedOrigins: listOf(environment.ALLOWED_ORIGINS),
    trustedProxies: listOf(environment.TRUSTED_PROXIES),
    managersSeeEmployees: environment.MANAGERS_SEE_EMPLOYEES === 'true',
    limits: limitsOf(environment, auth.mode === 'off'),
    ...(tls ? { tls } : {}),
    docs: isOn(environment.DOCS, isProduction),
    livePage: isOn(environment.LIVE_PAGE, isProduction),
  };
}

function authOf(environment: Environment, problems: string[]): AuthConfig {
  if (environment.AUTH_MODE === 'off') {
    if (!isLoopback(environment.HOST)) {
      problems.push(
        'HOST is not an address of this machine alone, so everybody who reaches it could read scores; set AUTH_MODE=jwt with its keys, or HOST=127.0.0.1',
      );
    }
    return { mode: 'off' };
  }
  const keys = keysOf(environment, problems);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = environment;
  if (issuer === undefined) problems.push('JWT_ISSUER must be set: the "iss" of the tokens');
  if (audience === undefined) problems.push('JWT_AUDIENCE must be set: the "aud" of tokens for Pulsewatch');
  if (keys === undefined || issuer === undefined || audience === undefined) return { mode: 'off' };
  return {
    mode: 'jwt',
    keys,
    issuer,
    audience,
    roleClaim: environment.JWT_ROLE_CLAIM,
    departmentsClaim: environment.JWT_DEPARTMENTS_CLAIM,
    ...(environment.JWT_TYPE === undefined ? {} : { type: environment.JWT_TYPE }),
    clockSkewSeconds: (parseDuration(environment.JWT_CLOCK_SKEW) ?? 0) / 1_000,
  };
}

function keysOf({ JWT_SECRET, JWKS_FILE, JWKS_URL }: Environment, problems: string[]): KeyConfig | undefined {
  const given = [JWT_SECRET, JWKS_FILE, JWKS_URL].filter((value) => value !== undefined);
  if (given.length !== 1) {
    problems.push('AUTH_MODE=jwt needs exactly one of JWT_SECRET, JWKS_FILE and JWKS_URL');
    return undefined;
  }
  if (JWT_SECRET !== undefined) {
    if (Buffer.byteLength(JWT_SECRET) < SECRET_BYTES)
      problems.push(`JWT_SECRET must have ${SECRET_BYTES} bytes or more`);
    return { kind: 'secret', secret: new Secret(JWT_SECRET) };
  }
  if (JWKS_FILE !== undefined) {
    const fault = faultOf(() => parseKeySet(readFileSync(JWKS_FILE, 'utf8')));
    if (fault !== undefined) problems.push(`JWKS_FILE: the file cannot be used: ${fault}`);
    return { kind: 'file', path: JWKS_FILE };
  }
  if (JWKS_URL === undefined) return undefined;
  const url = URL.canParse(JWKS_URL) ? new URL(JWKS_URL) : undefined;
  if (url?.protocol === 'http:' && !isLoopback(url.hostname))
    problems.push('JWKS_URL must be an https address: whoever can change the keys can sign tokens');
  return { kind: 'url', url: JWKS_URL };
}

function tlsOf({ TLS_CERT, TLS_KEY }: Environment, problems: string[]): TlsConfig | undefined {
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

function limitsOf(environment: Environment, isLocal: boolean): CallerLimits {
  const limit = (value: string | undefined, usual: string) => Number(value ?? (isLocal ? NO_LIMIT : usual));
  return {
    connectionsPerAddress: limit(environment.WS_MAX_CONNECTIONS_PER_ADDRESS, '1000'),
    messagesPerMinute: limit(environment.WS_MAX_MESSAGES_PER_MINUTE, '120'),
    requestsPerMinute: limit(environment.REQUESTS_PER_MINUTE, '600'),
    uploadsPerMinute: limit(environment.UPLOADS_PER_MINUTE, '60'),
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
    const hasCode = typeof error === 'object' && error !== null && 'code' in error;
    return hasCode ? String(error.code) : 'it cannot be read';
  }
}

function isOn(setting: 'on' | 'off' | undefined, isProduction: boolean): boolean {
  return setting === undefined ? !isProduction : setting === 'on';
}
