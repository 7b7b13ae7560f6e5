import { once } from 'node:events';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  fingerprintOf,
  makeCertificate,
  replaceCertificate,
  type CertificateFiles,
} from '../support/app/certificates.js';
import { openRequest } from '../support/clients/raw-http.js';
import { SecureClient } from '../support/clients/secure-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let first: CertificateFiles;
let second: CertificateFiles;
/** Where the server looks. */
let shown: CertificateFiles;
let server: ServerProcess;
let caller: SecureClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  [first, second, shown] = (await Promise.all(
    (['first', 'second', 'shown'] as const).map((name) => makeCertificate(folder.path, name)),
  )) as [CertificateFiles, CertificateFiles, CertificateFiles];
});
afterAll(() => folder.remove());
afterEach(async () => {
  await server.end('SIGKILL');
  await rm(`${folder.path}/data`, { recursive: true, force: true });
});

async function start(variables: Record<string, string> = {}): Promise<void> {
  await replaceCertificate(shown, first);
  const tls = { TLS_CERT: shown.cert, TLS_KEY: shown.key };
  server = await ServerProcess.start({ DATA_DIR: `${folder.path}/data`, ...tls, ...variables });
  const ca = Buffer.concat([await readFile(first.cert), await readFile(second.cert)]);
  caller = new SecureClient(server.url, { ca });
}

const raises = (employeeId: string) => surveyCsv([uniform(employeeId, 1), uniform('calm', 5)]);
const isAbout = (employeeId: string) => (frames: readonly { data?: Record<string, unknown> }[]) =>
  frames.some(({ data }) => data?.employee_id === employeeId);
const bytesOf = async (socket: Socket): Promise<string> => (await buffer(socket)).toString('latin1');

describe('with a certificate', () => {
  it('the server speaks https and wss, and says goodbye over it', async () => {
    await start();
    const client = await caller.subscribe();
    const upload = await caller.post(raises('E1'));
    expect(upload.status).toBe(202);
    expect(upload.headers['strict-transport-security']).toBe('max-age=31536000');
    await client.until(isAbout('E1'));
    const said = server.lines.join('\n');
    for (const address of ['https://', 'wss://']) expect(said).toContain(address);
    expect(said).not.toMatch(/\b(http|ws):\/\//);
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await client.closed).code).toBe(1001);
  });

  it.each([
    ['http', []],
    [
      'ws',
      [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ],
    ],
  ])('plain %s is closed without an answer', async (_, headers) => {
    await start();
    const socket = openRequest(server.url, { path: '/api/v1/ws/alerts', headers });
    expect(await bytesOf(socket)).not.toMatch(/HTTP|http|<|\{/);
    await expect(WsClient.connect(server.url.replace('https', 'ws'))).rejects.toThrow();
    expect((await caller.get('/health/ready')).status).toBe(200);
  });

  it('a peer that does not know TLS 1.2 is refused', async () => {
    await start();
    const ca = await readFile(first.cert);
    const { port } = new URL(server.url);
    const greet = async (options: ConnectionOptions) => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca, ...options });
      await once(socket, 'secureConnect');
      socket.destroy();
      return socket.getProtocol();
    };
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(greet(old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await expect(greet({ maxVersion: 'TLSv1.2' })).resolves.toBeDefined();
  });

  it('a peer that does not say hello is cut off', async () => {
    await start({ REQUEST_HEAD_TIMEOUT: '100ms' });
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    expect(await bytesOf(socket)).toBe('');
  });
});

describe('SIGHUP', () => {
  async function hangUp(expected: string): Promise<string> {
    const said = server.says(expected);
    server.signal('SIGHUP');
    return said;
  }

  it('shows the new certificate to who comes, and keeps who is there', async () => {
    await start();
    const client = await caller.subscribe();
    expect((await caller.get('/')).fingerprint).toBe(await fingerprintOf(first));
    await replaceCertificate(shown, second);
    expect((await caller.get('/')).fingerprint).toBe(await fingerprintOf(first));
    await hangUp('The certificate was read again');
    expect((await caller.get('/')).fingerprint).toBe(await fingerprintOf(second));
    await caller.post(raises('E2'));
    await client.until(isAbout('E2'));
  });

  it.each([
    ['the key of another', () => copyFile(second.key, shown.key), 'TLS_KEY is not the key of TLS_CERT'],
    [
      'half a certificate',
      () => writeFile(shown.cert, '-----BEGIN CERTIFICATE-----\nMIIB'),
      'TLS_CERT holds no',
    ],
    ['no key', () => rm(shown.key), 'TLS_KEY cannot be read: ENOENT'],
  ])('changes nothing when it finds %s', async (_, spoil, expected) => {
    await start();
    const client = await caller.subscribe();
    await spoil();
    const line = await hangUp('The certificate was not renewed');
    expect(JSON.parse(line)).toMatchObject({ level: 50, msg: expect.stringContaining(expected) });
    expect((await caller.get('/')).fingerprint).toBe(await fingerprintOf(first));
    expect((await client.flushed()).map(({ type }) => type)).toEqual(['connection', 'pong']);
    await replaceCertificate(shown, second);
    await hangUp('The certificate was read again');
    expect((await caller.get('/')).fingerprint).toBe(await fingerprintOf(second));
  });
});
