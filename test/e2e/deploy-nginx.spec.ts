import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { makeCertificate, type CertificateFiles } from '../support/app/certificates.js';
import { DeployedNginx } from '../support/servers/deployed-nginx.js';
import { needing, SECOND_ADDRESS } from '../support/needs.js';
import { SECRET_VARIABLES, tokenOf } from '../support/servers/issuer.js';
import { SecureClient } from '../support/clients/secure-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { Frame } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let certificate: CertificateFiles;
let ca: Buffer;

/** What ends what was started, also where something else could not be started. */
const ends: (() => Promise<unknown>)[] = [];
const endAll = () => Promise.all(ends.splice(0).map((end) => end()));

beforeAll(async () => {
  folder = await temporaryFolder();
  certificate = await makeCertificate(folder.path, 'nginx');
  ca = await readFile(certificate.cert);
});
afterAll(() => folder.remove());

const raises = (employeeId: string) => surveyCsv([uniform(employeeId, 1), uniform('calm', 5)]);
const isAbout = (employeeId: string) => (frames: readonly Frame[]) =>
  frames.some(({ data }) => data?.employee_id === employeeId);
const clientOf = async (nginx: DeployedNginx, role: string): Promise<SecureClient> =>
  new SecureClient(nginx.url, { ca, headers: { authorization: `Bearer ${await tokenOf({ role })}` } });

const { describe } = needing('nginx');

describe('deploy/nginx.conf before two instances', () => {
  let servers: ServerProcess[];
  let nginx: DeployedNginx;
  let hr: SecureClient;

  beforeAll(async () => {
    const variables = {
      ...SECRET_VARIABLES,
      DATA_DIR: join(folder.path, 'data'),
      TRUSTED_PROXIES: '127.0.0.1',
    };
    servers = [ServerProcess.spawn(variables), ServerProcess.spawn(variables)];
    ends.push(...servers.map((server) => () => server.end('SIGKILL')));
    const urls = await Promise.all(servers.map(({ listening }) => listening));
    const upstreams = urls.map((url = 'http://it.ended.instead') => new URL(url).host);
    nginx = await DeployedNginx.start(join(folder.path, 'nginx'), upstreams, certificate);
    ends.push(() => nginx.stop());
    hr = await clientOf(nginx, 'hr');
  });
  afterAll(endAll);

  it('takes uploads, and brings their alerts to WebSockets and streams at once', async () => {
    const [socket, stream] = [await hr.subscribe('?v=1'), await hr.stream('/api/v1/alerts/stream')];
    expect((await hr.post(raises('E1'))).status).toBe(202);
    await Promise.all([socket.until(isAbout('E1')), stream.until(isAbout('E1'))]);
    await Promise.all([socket.close(), stream.close()]);
  });

  needing(SECOND_ADDRESS).it('tells the address of the client, and believes no other one', async () => {
    const somebody = hr.as({ localAddress: SECOND_ADDRESS });
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    expect((await somebody.post(raises('E2'), headers)).status).toBe(202);
    const admin = await clientOf(nginx, 'admin');
    const { body } = await admin.get('/api/v1/audit?action=uploads.create&limit=1');
    expect(JSON.parse(body)).toMatchObject({ items: [{ outcome: 'allowed', address: SECOND_ADDRESS }] });
  });

  it('leads from http to https, and has browsers keep to it', async () => {
    const { status, headers } = await fetch(`${nginx.plainUrl}/api/v1/alerts?limit=1`, {
      redirect: 'manual',
    });
    expect(status).toBe(301);
    expect(headers.get('location')).toBe('https://pulsewatch.example.com/api/v1/alerts?limit=1');
    const { headers: secure } = await hr.get('/api/v1/alerts');
    expect(secure['strict-transport-security']).toBe('max-age=31536000');
  });

  it('keeps metrics and probes to itself', async () => {
    for (const path of ['/metrics', '/health/ready', '/health/live']) {
      expect((await servers[0]?.request(path))?.status).toBe(200);
      expect((await hr.get(path)).status).toBe(404);
    }
  });

  it('lets large files through, and nothing else that is large', async () => {
    const large = 'x'.repeat(2_000_000);
    expect((await hr.post(`${raises('E3')}${large}`)).status).toBe(202);
    const patch = new Response(JSON.stringify({ name: large }));
    expect((await hr.send('PATCH', '/api/v1/employees/E1', patch)).status).toBe(413);
  });

  it('passes no upgrade on but that to WebSocket', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' };
    const answer = await hr.send('GET', '/api/v1/alerts', new Response(null, { headers }));
    expect(answer.status).toBe(200);
  });

  it('answers as before when one of them is gone', async () => {
    await servers[0]?.end('SIGKILL');
    for (let times = 0; times < 6; times += 1) {
      expect((await hr.get('/api/v1/alerts')).status).toBe(200);
      expect((await hr.post(raises(`F${times}`))).status).toBe(202);
      const socket = await hr.subscribe('?v=1');
      await socket.close();
    }
  });
});

describe('deploy/nginx.conf before instances that fail', () => {
  let nginx: DeployedNginx;
  let client: SecureClient;
  /** The requests that came to either of them. */
  let came: IncomingMessage[];

  afterEach(endAll);

  async function start(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<void> {
    came = [];
    const places: string[] = [];
    for (let number = 1; number <= 2; number += 1) {
      const upstream = createServer((incoming, response) => {
        came.push(incoming);
        answer(incoming, response);
      }).listen(0, '127.0.0.1');
      await once(upstream, 'listening');
      ends.push(() => {
        upstream.closeAllConnections();
        upstream.close();
        return once(upstream, 'close');
      });
      places.push(`127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    }
    nginx = await DeployedNginx.start(join(folder.path, 'nginx-fails'), places, certificate);
    ends.push(() => nginx.stop());
    client = new SecureClient(nginx.url, { ca });
  }

  const failures: Record<string, [Parameters<typeof start>[0], number]> = {
    'hang up': [(incoming) => incoming.socket.destroy(), 502],
    stop: [(_, response) => response.writeHead(503).end(), 503],
  };

  it.each(Object.entries(failures))(
    'asks the other one when they %s, unless it would do something twice',
    async (_name, [answer, status]) => {
      await start(answer);
      const times: Record<string, number> = {};
      for (const method of ['GET', 'POST', 'PATCH']) {
        const before = came.length;
        expect((await client.send(method, '/api/v1/alerts', new Response())).status).toBe(status);
        times[method] = came.length - before;
      }
      expect((await client.post(raises('E1'))).status).toBe(status);
      expect({ ...times, uploads: came.length }).toEqual({ GET: 2, POST: 1, PATCH: 1, uploads: 5 });
    },
  );

  it('passes an upload on while it comes', async () => {
    let arrived: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (arrived = resolve));
    await start((incoming, response) => {
      incoming.once('data', arrived);
      incoming.once('end', () => response.writeHead(202).end());
    });
    const headers = { 'content-length': '2000' };
    const sent = request(`${nginx.url}/api/v1/upload`, { method: 'POST', ca, headers, agent: false });
    sent.write('x'.repeat(1_000));
    await first;
    sent.end('x'.repeat(1_000));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(202);
    answer.resume();
  });

  it('refuses a file that the product would refuse before it is sent', async () => {
    await start((_, response) => response.writeHead(202).end());
    const headers = { 'content-length': String(258 * 1024 * 1024), expect: '100-continue' };
    const sent = request(`${nginx.url}/api/v1/upload`, { method: 'POST', ca, headers, agent: false });
    sent.flushHeaders();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    expect(came).toHaveLength(0);
    sent.destroy();
  });
});
