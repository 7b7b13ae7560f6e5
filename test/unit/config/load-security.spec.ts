import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { makeCertificate, type CertificateFiles } from '../../support/app/certificates.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const SECRET = 'x'.repeat(31) + '!';
const JWT = {
  AUTH_MODE: 'jwt',
  JWT_SECRET: SECRET,
  JWT_ISSUER: 'https://idp.example.com',
  JWT_AUDIENCE: 'pulsewatch',
};

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('who may call', () => {
  it.each(['0.0.0.0', '::', '10.1.2.3', 'portal.example.com', '128.0.0.1', 'localhost.example.com'])(
    'is not everybody who reaches %s',
    (host) => {
      const [problem] = problemsOf({ HOST: host });
      expect(problem).toMatch(/^HOST .*AUTH_MODE=jwt/);
      expect(problem).not.toContain(host);
      expect(problemsOf({ HOST: host, ...JWT })).toEqual([]);
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST'])('is anybody at %s', (host) => {
    expect(loadConfig({ HOST: host }).security.auth).toEqual({ mode: 'off' });
  });

  it.each([
    ['without keys', { JWT_SECRET: '' }, /exactly one of/],
    ['with keys of two kinds', { JWKS_URL: 'https://idp.example.com/keys' }, /exactly one of/],
    ['with a short secret', { JWT_SECRET: 'x'.repeat(31) }, /^JWT_SECRET .*32/],
    ['without an issuer', { JWT_ISSUER: '' }, /^JWT_ISSUER/],
    ['without an audience', { JWT_AUDIENCE: '' }, /^JWT_AUDIENCE/],
    ['with keys that anybody can change', { JWT_SECRET: '', JWKS_URL: 'http://idp.example.com' }, /https/],
    ['with an address that is none', { JWT_SECRET: '', JWKS_URL: 'idp' }, /^JWKS_URL/],
    ['with keys that are not there', { JWT_SECRET: '', JWKS_FILE: '/nonexistent' }, /ENOENT/],
    ['with clocks far apart', { JWT_CLOCK_SKEW: '61s' }, /^JWT_CLOCK_SKEW/],
  ])('cannot be told %s', (_, variables, expected) => {
    const problems = problemsOf({ ...JWT, ...variables });
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join()).not.toContain(SECRET);
  });

  it('is told by a key set', async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'keys.json');
    await writeFile(path, '{"keys":[]}');
    expect(loadConfig({ ...JWT, JWT_SECRET: '', JWKS_FILE: path }).security.auth).toMatchObject({
      keys: { kind: 'file', path },
    });
    await writeFile(path, '[]');
    expect(problemsOf({ ...JWT, JWT_SECRET: '', JWKS_FILE: path })).toEqual([
      expect.stringMatching(/^JWKS_FILE/),
    ]);
    await folder.remove();
    for (const url of ['https://idp.example.com/keys', 'http://127.0.0.1:81/keys', 'http://[::1]:81/keys'])
      expect(problemsOf({ ...JWT, JWT_SECRET: '', JWKS_URL: url })).toEqual([]);
  });

  it('keeps its secret to itself', () => {
    const config = loadConfig(JWT);
    const { auth } = config.security;
    expect(auth).toMatchObject({ mode: 'jwt' });
    expect(inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain(SECRET);
    expect(auth.mode === 'jwt' && auth.keys.kind === 'secret' && auth.keys.secret.reveal()).toBe(SECRET);
  });
});

describe('a setting that is refused', () => {
  it('is not reported a second time by what depends on it', () => {
    expect(problemsOf({ AUTH_MODE: 'jwtt', HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^AUTH_MODE/)]);
    expect(problemsOf({ ...JWT, JWT_ISSUER: ' ' })).toEqual([expect.stringMatching(/^JWT_ISSUER/)]);
    expect(problemsOf({ STORAGE: 'dynamodb', AWS_REGION: 'X!' })).toEqual([
      expect.stringMatching(/^AWS_REGION/),
    ]);
  });
});

describe('from where, and how much', () => {
  it.each([
    '*',
    'null',
    'portal.example.com',
    'https://portal.example.com/',
    'https://a.example.com:443',
    'ftp://a',
  ])('is no origin: %s', (origin) => {
    expect(problemsOf({ ALLOWED_ORIGINS: origin })).toEqual([expect.stringMatching(/^ALLOWED_ORIGINS/)]);
  });

  it('takes lists', () => {
    const { security } = loadConfig({
      ALLOWED_ORIGINS: 'https://a.example.com, http://localhost:5173',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
    });
    expect(security.allowedOrigins).toEqual(['https://a.example.com', 'http://localhost:5173']);
    expect(security.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    for (const bad of ['10.0.0.0/33', 'proxy', '10.0.0.0/8/8', '10.0.0.0/'])
      expect(problemsOf({ TRUSTED_PROXIES: bad })).toEqual([expect.stringMatching(/^TRUSTED_PROXIES/)]);
  });

  it('has limits where others than this machine can call, unless told otherwise', () => {
    const none = {
      connectionsPerAddress: 0,
      messagesPerMinute: 0,
      requestsPerMinute: 0,
      uploadsPerMinute: 0,
    };
    expect(loadConfig({}).security.limits).toEqual(none);
    expect(loadConfig({ REQUESTS_PER_MINUTE: '7' }).security.limits).toEqual({
      ...none,
      requestsPerMinute: 7,
    });
    expect(loadConfig({ ...JWT, REQUESTS_PER_MINUTE: '0' }).security.limits).toEqual({
      connectionsPerAddress: 1000,
      messagesPerMinute: 120,
      requestsPerMinute: 0,
      uploadsPerMinute: 60,
    });
  });

  it('shows its pages, but in production only on request', () => {
    const shown = (variables: Record<string, string>) => {
      const { docs, livePage } = loadConfig(variables).security;
      return [docs, livePage];
    };
    expect(shown({})).toEqual([true, true]);
    expect(shown({ NODE_ENV: 'production' })).toEqual([false, false]);
    expect(shown({ NODE_ENV: 'production', DOCS: 'on' })).toEqual([true, false]);
    expect(shown({ LIVE_PAGE: 'off' })).toEqual([true, false]);
  });
});

describe('a certificate and its key', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let a: CertificateFiles;
  let b: CertificateFiles;
  let rsa: CertificateFiles;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [a, b, rsa] = await Promise.all([
      makeCertificate(folder.path, 'a'),
      makeCertificate(folder.path, 'b'),
      makeCertificate(folder.path, 'rsa', 'rsa'),
    ]);
  });
  afterAll(() => folder.remove());

  it('belong together', () => {
    const tls = { certPath: a.cert, keyPath: a.key };
    expect(loadConfig({ TLS_CERT: a.cert, TLS_KEY: a.key }).security.tls).toEqual(tls);
    expect(loadConfig({}).security.tls).toBeUndefined();
  });

  it.each([
    ['the certificate alone', () => ({ TLS_CERT: a.cert }), 'TLS_CERT and TLS_KEY must be set together'],
    ['the key alone', () => ({ TLS_KEY: a.key }), 'TLS_CERT and TLS_KEY must be set together'],
    [
      'the key of another',
      () => ({ TLS_CERT: a.cert, TLS_KEY: b.key }),
      'TLS_KEY is not the key of TLS_CERT',
    ],
    [
      'a key of another algorithm',
      () => ({ TLS_CERT: a.cert, TLS_KEY: rsa.key }),
      'TLS_KEY is not the key of TLS_CERT',
    ],
    [
      'no certificate',
      () => ({ TLS_CERT: join(folder.path, 'none'), TLS_KEY: a.key }),
      'TLS_CERT cannot be read: ENOENT',
    ],
    [
      'no key',
      () => ({ TLS_CERT: a.cert, TLS_KEY: join(folder.path, 'none') }),
      'TLS_KEY cannot be read: ENOENT',
    ],
    [
      'a key for a certificate',
      () => ({ TLS_CERT: a.key, TLS_KEY: a.key }),
      /^TLS_CERT holds no certificate/,
    ],
    [
      'a certificate for a key',
      () => ({ TLS_CERT: a.cert, TLS_KEY: a.cert }),
      /^TLS_KEY holds no private key/,
    ],
  ])('are not %s', (_, variables, expected) => {
    const problems = problemsOf(variables());
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join()).not.toContain(folder.path);
  });
});
