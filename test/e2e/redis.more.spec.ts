import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { AppCaller } from '../support/app/app-caller.js';
import { eventually } from '../support/app/eventually.js';
import { SECRET_VARIABLES } from '../support/servers/issuer.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { RedisProcess } from '../support/servers/redis-process.js';
import { ServerProcess } from '../support/app/server-process.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import type { Frame, WsClient } from '../support/clients/ws-client.js';

const HERA = new AppCaller({ role: 'hr', sub: 'hera' });
const LOADER = new AppCaller({ role: 'service', sub: 'loader' });
const UPLOADS = 12;
const CONNECTIONS = 20;

onEachStorage(
  'instances with a Redis, on %s',
  (install) => {
    let installation: Installation;
    let redis: RedisProcess;
    let servers: ServerProcess[];
    /** Two that look at the store once an hour, and one that does all the time. */
    let [telling, waiting, polling]: ServerProcess[] = [];
    const clients: WsClient[] = [];

    beforeAll(async () => {
      [installation, redis] = await Promise.all([install(), RedisProcess.start()]);
      const variables = {
        ...installation.variables,
        ...SECRET_VARIABLES,
        REDIS_URL: redis.url,
        TRUSTED_PROXIES: '127.0.0.1',
        REQUESTS_PER_MINUTE: '0',
        UPLOADS_PER_MINUTE: String(UPLOADS),
        WS_MAX_CONNECTIONS_PER_ADDRESS: String(CONNECTIONS),
      };
      servers = await Promise.all(
        ['1h', '1h', '250ms'].map((every) =>
          ServerProcess.start({ ...variables, ALERT_POLL_INTERVAL: every }),
        ),
      );
      [telling, waiting, polling] = servers;
      expect(await readiness('ok')).toEqual(['ok', 'ok', 'ok']);
      for (const server of servers) clients.push(await HERA.subscribe(server));
    });
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      await redis.kill();
      await installation.remove();
    });

    const given = (server: ServerProcess | undefined): ServerProcess => {
      if (!server) throw new Error('there are three');
      return server;
    };

    /** What each says of itself, once all say `status`, or at the end of patience. */
    const readiness = (status: string): Promise<unknown[]> =>
      eventually(
        () =>
          Promise.all(
            servers.map(async (server) => {
              const said = (await (await server.request('/health/ready')).json()) as { status: string };
              return said.status;
            }),
          ),
        (all) => all.every((each) => each === status),
      );

    /** Sends a file as somebody of their own, whom no limit has counted yet; answers whom it raises an alert about. */
    let files = 0;
    async function raise(server: ServerProcess | undefined): Promise<string> {
      const id = `E${(files += 1)}`;
      const form = new FormData();
      form.set('file', new Blob([surveyCsv([uniform(id, 1), uniform('X', 5), uniform('Y', 5)])]), 'a.csv');
      const own = { 'X-Forwarded-For': `10.0.0.${files}` };
      const headers = { ...own, ...(await new AppCaller({ role: 'service', sub: id }).headers()) };
      const answer = await given(server).request('/api/v1/upload', { method: 'POST', body: form, headers });
      expect(answer.status).toBe(202);
      return id;
    }

    const isAbout =
      (id: string) =>
      (frames: readonly Frame[]): boolean =>
        frames.some(({ type, data }) => type === 'employee_stress' && data?.employee_id === id);

    it('hear of an alert at once, not when they look the next time', async () => {
      const id = await raise(telling);
      for (const client of clients) await client.until(isAbout(id));
      const samples = await scrape(given(waiting));
      expect(valueOf(samples, 'pulsewatch_head_hints_total', { direction: 'received' })).toBeGreaterThan(0);
      expect(valueOf(samples, 'pulsewatch_redis_up')).toBe(2);
    });

    it('let one in with a ticket, once, whichever of them issued it', async () => {
      const { body } = await HERA.call(given(telling), 'POST', '/ws/ticket');
      const opened = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          opens(given(servers[index % servers.length]), `?ticket=${String(body.ticket)}`),
        ),
      );
      expect(opened.filter(Boolean)).toHaveLength(1);
    });

    it('count together what a caller sends', async () => {
      const headers = await LOADER.headers();
      const answers: number[] = [];
      for (let index = 0; index < UPLOADS + 3; index += 1) {
        const form = new FormData();
        form.set('file', new Blob(['employee_id\n']), 'a.csv');
        const server = given(servers[index % servers.length]);
        answers.push(
          (await server.request('/api/v1/upload', { method: 'POST', body: form, headers })).status,
        );
      }
      expect(answers.filter((status) => status === 429)).toHaveLength(3);
      expect(answers.slice(-3)).toEqual([429, 429, 429]);
    });

    it('count together the connections of an address', async () => {
      const headers = await HERA.headers();
      const sockets: WebSocket[] = [];
      const attempts = await Promise.all(
        Array.from({ length: CONNECTIONS + 6 }, (_, index) => {
          const url = given(servers[index % servers.length]).url.replace('http', 'ws');
          const socket = new WebSocket(`${url}/api/v1/ws/alerts`, { headers });
          sockets.push(socket);
          return new Promise<boolean>((resolve) => {
            socket.once('open', () => resolve(true));
            socket.once('error', () => resolve(false));
          });
        }),
      );
      expect(attempts.filter(Boolean)).toHaveLength(CONNECTIONS - clients.length);
      const closed = sockets.map(
        (socket) =>
          new Promise((resolve) => (socket.readyState === 3 ? resolve(0) : socket.once('close', resolve))),
      );
      for (const socket of sockets) socket.terminate();
      await Promise.all(closed);
      // The places of those that have gone are free at each of them.
      for (const server of servers)
        expect(await eventually(async () => opens(server, '', await HERA.headers()), Boolean)).toBe(true);
    });

    it('lose nothing while Redis is gone, say so, and make up for it when it is back', async () => {
      await redis.kill();
      expect(await readiness('degraded')).toEqual(['degraded', 'degraded', 'degraded']);
      expect(valueOf(await scrape(given(telling)), 'pulsewatch_redis_up')).toBe(0);
      const id = await raise(telling);
      for (const client of [clients[0], clients[2]]) await client?.until(isAbout(id));
      const { body } = await HERA.call(given(telling), 'POST', '/ws/ticket');
      expect(await opens(given(telling), `?ticket=${String(body.ticket)}`)).toBe(true);
      expect(await opens(given(telling), `?ticket=${String(body.ticket)}`)).toBe(false);
      await redis.again();
      await clients[1]?.until(isAbout(id));
      expect(await readiness('ok')).toEqual(['ok', 'ok', 'ok']);
    });

    it('lose nothing while Redis takes commands and answers none', async () => {
      redis.freeze();
      const id = await raise(telling);
      for (const client of [clients[0], clients[2]]) await client?.until(isAbout(id));
      expect(await readiness('degraded')).toEqual(['degraded', 'degraded', 'degraded']);
      redis.thaw();
      expect(await readiness('ok')).toEqual(['ok', 'ok', 'ok']);
      const next = await raise(telling);
      for (const client of clients) await client.until(isAbout(next));
    });

    it('go on when Redis has forgotten everything', async () => {
      await redis.ask((client) => client.flushall());
      const id = await raise(polling);
      for (const client of clients) await client.until(isAbout(id));
    });

    it('have told each client the same, in the order of the log', async () => {
      await Promise.all(clients.map((client) => client.flushed()));
      const [first, ...others] = clients.map(({ alerts }) => alerts);
      expect(first?.filter(({ type }) => type === 'employee_stress')).toHaveLength(files);
      for (const alerts of others) expect(alerts).toEqual(first);
    });
  },
  { needs: ['redis-server'] },
);

/** Whether a WebSocket opens; it is closed again. */
function opens(server: ServerProcess, query: string, headers: Record<string, string> = {}): Promise<boolean> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`, { headers });
  return new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.terminate());
}
