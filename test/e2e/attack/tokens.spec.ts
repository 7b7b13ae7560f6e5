import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import { TestApp } from '../../support/app/app.js';
import {
  AUDIENCE,
  claimsOf,
  forged,
  ISSUER,
  SECRET,
  KeyServer,
  SECRET_VARIABLES,
  signed,
  signingKey,
  tokenOf,
  type Claims,
  type SigningKey,
} from '../../support/servers/issuer.js';
import { answerOf, openRequest } from '../../support/clients/raw-http.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const HOUR = 3_600;
const seconds = (): number => Math.floor(Date.now() / 1_000);
const WS_HEADERS = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let outside: KeyServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  outside = await KeyServer.start();
});
afterAll(async () => {
  await outside.stop();
  await folder.remove();
});

/** How REST and the WebSocket answer to a token. */
async function answersTo(
  app: TestApp,
  token: string,
): Promise<{ rest: number; socket: number; code?: string }> {
  const authorization = `Bearer ${token}`;
  const rest = await app.request('/api/v1/alerts', { headers: { authorization } });
  const { code } = (await rest.json()) as { code?: string };
  const request = openRequest(app.url, {
    path: '/api/v1/ws/alerts',
    headers: [...WS_HEADERS, `Authorization: ${authorization}`],
  });
  const socket = await firstStatus(request);
  return { rest: rest.status, socket, ...(code === undefined ? {} : { code }) };
}

/** The status of the answer to an upgrade; the connection is broken off then. */
async function firstStatus(socket: ReturnType<typeof openRequest>): Promise<number> {
  const status = await new Promise<number>((resolve) => {
    socket.once('data', (data: Buffer) => resolve(Number(data.toString('latin1').slice(9, 12))));
  });
  socket.destroy();
  return status;
}

const REFUSED = { rest: 401, socket: 401, code: 'unauthenticated' };
const ADMITTED = { rest: 200, socket: 101 };

/** A token signed with whatever is taken for a secret. */
function byHand(header: object, secret: string): string {
  const head = forged(header, claimsOf({ role: 'admin' })).slice(0, -1);
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

function edited(token: string, claims: Claims): string {
  const [header = '', , signature = ''] = token.split('.');
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
}

describe('a token by a shared secret', () => {
  let app: TestApp;
  beforeAll(async () => {
    const variables = { ...SECRET_VARIABLES, JWT_TYPE: 'at+jwt', DATA_DIR: join(folder.path, 'secret') };
    app = await TestApp.start({ ...variables, LOG_LEVEL: 'silent' });
  });
  afterAll(() => app.stop());
  const TYPE = { typ: 'at+jwt' };

  it('lets in when it is good', async () => {
    expect(await answersTo(app, await tokenOf({}, TYPE))).toEqual(ADMITTED);
    expect(await answersTo(app, await tokenOf({ aud: ['other', AUDIENCE] }, TYPE))).toEqual(ADMITTED);
    expect(await answersTo(app, await tokenOf({ exp: seconds() - 2 }, TYPE))).toEqual(ADMITTED);
  });

  const unsigned = (alg: string) => () =>
    Promise.resolve(forged({ alg, ...TYPE }, claimsOf({ role: 'admin' })));
  const other = 'another secret that is long enough too';
  it.each<[string, () => Promise<string>]>([
    ['without a signature', unsigned('none')],
    ['without a signature, in other letters', unsigned('nOnE')],
    ['with an algorithm that does not exist', unsigned('HS999')],
    ['with no signature where one must be', unsigned('HS256')],
    ['with a signature by another secret', () => Promise.resolve(byHand({ alg: 'HS256', ...TYPE }, other))],
    ['with a longer hash than is allowed', () => tokenOf({}, { alg: 'HS512', ...TYPE })],
    ['of another issuer', () => tokenOf({ iss: 'https://idp.example.com.evil.example' }, TYPE)],
    ['of an issuer in other letters', () => tokenOf({ iss: ISSUER.toUpperCase() }, TYPE)],
    ['without an issuer', () => tokenOf({ iss: undefined }, TYPE)],
    ['for somebody else', () => tokenOf({ aud: 'payroll' }, TYPE)],
    ['for nobody', () => tokenOf({ aud: undefined }, TYPE)],
    ['of another type', () => tokenOf({}, { typ: 'logout+jwt' })],
    ['of no type', () => tokenOf()],
    ['that has expired', () => tokenOf({ exp: seconds() - HOUR }, TYPE)],
    ['that has expired by more than clocks differ', () => tokenOf({ exp: seconds() - 7 }, TYPE)],
    ['that never expires', () => tokenOf({ exp: undefined }, TYPE)],
    ['that expires at a word', () => tokenOf({ exp: 'never' }, TYPE)],
    ['that is not valid yet', () => tokenOf({ nbf: seconds() + HOUR }, TYPE)],
    ['without a subject', () => tokenOf({ sub: undefined }, TYPE)],
    ['with an empty subject', () => tokenOf({ sub: '' }, TYPE)],
    ['with a line end in its subject', () => tokenOf({ sub: 'ada\r\nX-Admin: 1' }, TYPE)],
    [
      'with a critical extension',
      () => Promise.resolve(byHand({ alg: 'HS256', ...TYPE, crit: ['x'], x: 1 }, SECRET)),
    ],
    ['whose payload was edited', async () => edited(await tokenOf({}, TYPE), claimsOf({ role: 'admin' }))],
    ['that is encrypted', () => Promise.resolve('eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA')],
    ['that is garbage', () => Promise.resolve('garbage')],
    ['that is garbage in three parts', () => Promise.resolve('a.b.c')],
    ['that is not JSON', () => Promise.resolve(`${Buffer.from('{').toString('base64url')}.e30.`)],
    ['with a claim as large as a header can be', () => tokenOf({ x: 'x'.repeat(11_000), iss: 'x' }, TYPE)],
  ])('%s is refused', async (_, make) => {
    expect(await answersTo(app, await make())).toEqual(REFUSED);
  });

  it.each(['superuser', 'Admin', '', ['owner'], 7, null, { admin: true }])(
    'with the role %j lets nobody in',
    async (role) => {
      const answer = await answersTo(app, await tokenOf({ role }, TYPE));
      expect(answer).toEqual({ rest: 403, socket: 403, code: 'forbidden' });
    },
  );

  it('with a megabyte in it is refused before it is looked at', async () => {
    const token = `${'x'.repeat(1_048_576)}.y.z`;
    const headers = [`Authorization: Bearer ${token}`, 'Connection: close'];
    const socket = openRequest(app.url, { path: '/api/v1/alerts', headers });
    socket.on('error', () => undefined);
    expect([431, NaN]).toContain((await answerOf(socket)).status);
    expect((await app.request('/health/live')).status).toBe(200);
  });

  it.each(['Basic YWRhOmxvdmVsYWNl', 'Bearer', 'Bearer a b', 'bearer: x', 'Token x'])(
    'is not taken from "%s"',
    async (authorization) => {
      expect((await app.request('/api/v1/alerts', { headers: { authorization } })).status).toBe(401);
    },
  );

  it('asks for itself in the way that clients understand', async () => {
    const nobody = await app.request('/api/v1/alerts');
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="pulsewatch"');
    const late = await tokenOf({ exp: seconds() - HOUR }, TYPE);
    const expired = await app.request('/api/v1/alerts', { headers: { authorization: `Bearer ${late}` } });
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});

describe('a token by a public key', () => {
  let app: TestApp;
  let keys: KeyServer;
  let rsa: SigningKey;
  beforeAll(async () => {
    keys = await KeyServer.start();
    rsa = await signingKey('RS256', 'rsa');
    keys.publish(rsa, await signingKey('ES256', 'ec'));
    app = await TestApp.start({
      ...SECRET_VARIABLES,
      JWT_SECRET: '',
      JWKS_URL: keys.url,
      DATA_DIR: join(folder.path, 'url'),
    });
  });
  afterAll(async () => {
    await app.stop();
    await keys.stop();
  });

  it.each(['RS256', 'ES256', 'EdDSA'])('lets in when it is good: %s', async (alg) => {
    const key = await signingKey(alg, alg);
    const file = join(folder.path, `${alg}.json`);
    await writeFile(file, JSON.stringify({ keys: [key.jwk] }));
    const variables = { ...SECRET_VARIABLES, JWT_SECRET: '', JWKS_FILE: file };
    const own = await TestApp.start({ ...variables, DATA_DIR: join(folder.path, alg) });
    expect(await answersTo(own, await signed(key))).toEqual(ADMITTED);
    expect(await answersTo(own, await signed(await signingKey(alg, alg)))).toEqual(REFUSED);
    await own.stop();
  });

  it('whose public key is taken for a secret is refused', async () => {
    const header = { alg: 'HS256', kid: 'rsa' };
    for (const secret of [await exportSPKI(rsa.publicKey), JSON.stringify(rsa.jwk), rsa.jwk.n ?? '']) {
      expect(await answersTo(app, byHand(header, secret))).toEqual(REFUSED);
    }
  });

  it.each([
    '../../../../etc/passwd',
    "' OR 1=1 --",
    '/dev/null',
    '\u0000',
    'https://evil.example',
    '__proto__',
  ])('with the key id %j is refused', async (kid) => {
    expect(await answersTo(app, await signed({ ...rsa, kid }))).toEqual(REFUSED);
  });

  it('that says where to get its key is refused, and nobody is asked there', async () => {
    const evil = await signingKey('RS256', 'evil');
    outside.publish(evil);
    const before = outside.hits;
    const url = outside.url;
    for (const header of [
      { jku: url },
      { x5u: url },
      { jwk: evil.jwk },
      { jku: url, x5u: url, jwk: evil.jwk },
    ])
      expect(await answersTo(app, await signed(evil, { role: 'admin' }, header))).toEqual(REFUSED);
    expect(outside.hits).toBe(before);
  });

  it('does not have the issuer asked for its keys again and again', async () => {
    const before = keys.hits;
    for (let round = 0; round < 20; round += 1)
      expect(await answersTo(app, await signed({ ...rsa, kid: `unknown-${round}` }))).toEqual(REFUSED);
    expect(keys.hits - before).toBeLessThanOrEqual(1);
  });
});

describe('keys that cannot be had', () => {
  it.each([
    ['an issuer that fails', { status: 500, body: 'oops' }],
    ['an issuer that sends no key set', { status: 200, body: '<html>' }],
    ['an issuer that sends a set of nothing', { status: 200, body: '{"keys":7}' }],
    ['an issuer that sends us elsewhere', { status: 302, body: '' }],
  ])('let nobody in, and say so: %s', async (_, answer) => {
    const keys = await KeyServer.start();
    keys.answer = answer;
    const variables = { ...SECRET_VARIABLES, JWT_SECRET: '', JWKS_URL: keys.url };
    const app = await TestApp.start({ ...variables, DATA_DIR: join(folder.path, 'dead') });
    const key = await signingKey('ES256', 'ec');
    const unavailable = { rest: 503, socket: 503, code: 'keys_unavailable' };
    expect(await answersTo(app, await signed(key))).toEqual(unavailable);
    expect((await app.request('/health/live')).status).toBe(200);
    await app.stop();
    await keys.stop();
  });

  it('let nobody in when the issuer does not answer at all', async () => {
    const keys = await KeyServer.start();
    const { url } = keys;
    await keys.stop();
    const variables = { ...SECRET_VARIABLES, JWT_SECRET: '', JWKS_URL: url };
    const app = await TestApp.start({ ...variables, DATA_DIR: join(folder.path, 'gone') });
    const answer = await answersTo(app, await signed(await signingKey('ES256', 'ec')));
    expect(answer).toEqual({ rest: 503, socket: 503, code: 'keys_unavailable' });
    await app.stop();
  });
});
