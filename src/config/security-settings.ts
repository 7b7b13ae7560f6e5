import { isAddressOrSubnet, isOrigin, isWebAddress } from './network-formats.js';
import {
  choice,
  duration,
  filled,
  flag,
  list,
  onOff,
  optional,
  path,
  secret,
  setting,
  text,
  whole,
} from './setting.js';

/** What a caller may do in a minute, and have open at once, unless a setting says otherwise. */
export const CALLER_LIMITS = { connections: 1_000, messages: 120, requests: 600, uploads: 60 };

const limit = whole(0, 1_000_000);
const unlimited = (usual: number) => `${usual}; no limit while \`AUTH_MODE=off\``;

export const CALLERS = {
  AUTH_MODE: setting('off', choice('off', 'jwt'), {
    purpose:
      '`off`: everyone who reaches the server is its operator, so it must listen on this machine alone. `jwt`: callers need a JSON Web Token.',
    problem: 'A proxy on this machine makes every caller look local. Behind one, use `jwt`.',
  }),
  JWT_SECRET: optional(
    secret('a secret of 32 bytes or more', (given) => given !== ''),
    {
      purpose: 'The shared secret of tokens that are signed by HS256.',
      unset: 'tokens are verified by a key set',
      problem: 'With `AUTH_MODE=jwt` set exactly one of `JWT_SECRET`, `JWKS_FILE` and `JWKS_URL`.',
    },
  ),
  JWKS_FILE: optional(path, {
    purpose: 'A file that holds a JSON Web Key Set, for tokens that are signed by RS256, ES256 or EdDSA.',
    unset: 'no file of keys',
  }),
  JWKS_URL: optional(text('an https address', isWebAddress), {
    purpose: 'The address of a JSON Web Key Set, for tokens that are signed by RS256, ES256 or EdDSA.',
    unset: 'no address of keys',
    problem:
      'An http address is refused, unless it is of this machine: who can change the keys can sign tokens.',
  }),
  JWT_ISSUER: optional(filled('the "iss" of the tokens'), {
    purpose: 'What `iss` of a token must be. Needed with `AUTH_MODE=jwt`.',
    unset: '`AUTH_MODE=jwt` is refused',
    problem: 'It is compared letter by letter: a slash at the end counts.',
  }),
  JWT_AUDIENCE: optional(filled('the "aud" of tokens for Pulsewatch'), {
    purpose: 'What `aud` of a token must be, or contain. Needed with `AUTH_MODE=jwt`.',
    unset: '`AUTH_MODE=jwt` is refused',
  }),
  JWT_TYPE: optional(filled('the "typ" of the tokens'), {
    purpose: 'What `typ` in the head of a token must be, like `at+jwt`.',
    unset: 'any type',
  }),
  JWT_ROLE_CLAIM: setting('role', filled('the name of a claim, or a path of names joined by dots'), {
    purpose: 'The claim that holds the role: a name, or a path like `realm_access.roles`.',
  }),
  JWT_DEPARTMENTS_CLAIM: setting(
    'departments',
    filled('the name of a claim, or a path of names joined by dots'),
    { purpose: 'The claim that holds the departments of a manager: a name, or a path.' },
  ),
  JWT_CLOCK_SKEW: setting('5s', duration('0', '60s'), {
    purpose: 'By how much the clocks of the issuer and of this server may differ.',
  }),
  MANAGERS_SEE_EMPLOYEES: setting('false', flag, {
    purpose: 'Whether managers see the employees of their departments, or the departments only.',
  }),
  ALLOWED_ORIGINS: setting('', list('origins like https://portal.example.com', isOrigin), {
    purpose:
      'The origins of pages that may connect, exactly as browsers send them: scheme, host, and the port unless it is the usual one.',
    problem:
      'A slash at the end, a path, or `:443` after https makes it another text than the one that browsers send. `*` is refused.',
  }),
  TRUSTED_PROXIES: setting('', list('addresses and subnets like 10.0.0.0/8', isAddressOrSubnet), {
    purpose: 'The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.',
    problem: 'Behind a proxy that is not listed, all callers share one address, and its limits.',
  }),
};

export const LIMITS = {
  WS_MAX_CONNECTIONS_PER_ADDRESS: optional(limit, {
    purpose: 'The most WebSockets of one caller: a subject, or an address (a /64 of IPv6). `0`: no limit.',
    unset: unlimited(CALLER_LIMITS.connections),
  }),
  WS_MAX_MESSAGES_PER_MINUTE: optional(limit, {
    purpose: 'The most messages a minute that one caller may send over WebSockets. `0`: no limit.',
    unset: unlimited(CALLER_LIMITS.messages),
  }),
  REQUESTS_PER_MINUTE: optional(limit, {
    purpose: 'The most requests a minute of one caller. `0`: no limit.',
    unset: unlimited(CALLER_LIMITS.requests),
  }),
  UPLOADS_PER_MINUTE: optional(limit, {
    purpose: 'The most uploads a minute of one caller. `0`: no limit.',
    unset: unlimited(CALLER_LIMITS.uploads),
  }),
};

export const PAGES = {
  TLS_CERT: optional(path, {
    purpose:
      'A PEM file of the certificate and its chain. With it and `TLS_KEY` the server speaks https and wss only. `SIGHUP` reads both files again.',
    unset: 'plain http and ws',
    problem: 'Both are needed, and must belong together; the key must have no passphrase.',
  }),
  TLS_KEY: optional(path, {
    purpose: 'A PEM file of the private key of `TLS_CERT`.',
    unset: 'plain http and ws',
  }),
  DOCS: optional(onOff, {
    purpose: 'Whether the description of the API is served, at `/docs` and `/redoc`.',
    unset: '`on`, but `off` where `NODE_ENV=production`',
  }),
  LIVE_PAGE: optional(onOff, {
    purpose: 'Whether the live page and its samples are served.',
    unset: '`on`, but `off` where `NODE_ENV=production`',
  }),
};
