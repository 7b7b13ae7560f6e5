import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WsClient } from '../../support/clients/ws-client.js';
import { SECRET, SECRET_VARIABLES, tokenOf } from '../../support/servers/issuer.js';
import { ServerProcess } from '../../support/app/server-process.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

describe('the log', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  it('holds no token, ticket or secret, wherever somebody puts one, at its most talkative', async () => {
    const variables = { ...SECRET_VARIABLES, DATA_DIR: folder.path, LOG_LEVEL: 'trace' };
    const server = await ServerProcess.start(variables);
    const url = (await server.listening) ?? '';
    const [good, bad] = [await tokenOf(), await tokenOf({ exp: 1 })];
    const socket = `${url.replace('http', 'ws')}/api/v1/ws/alerts`;
    const refused = (address: string, protocols: string[] = []) =>
      expect(WsClient.connect(address, protocols)).rejects.toThrow();

    for (const token of [good, bad]) {
      const authorization = `Bearer ${token}`;
      await fetch(`${url}/api/v1/alerts`, { headers: { authorization } });
      await fetch(`${url}/api/v1/alerts?access_token=${token}`);
      await fetch(`${url}/api/v1/employees/E1`, { headers: { authorization: `Basic ${token}` } });
      await refused(`${socket}?token=${token}`);
    }
    await refused(socket, ['alerts.v1', `bearer.${bad}`]);
    const headers = { authorization: `Bearer ${good}` };
    const answer = await fetch(`${url}/api/v1/ws/ticket`, { method: 'POST', headers });
    const { ticket } = (await answer.json()) as { ticket: string };
    const client = await WsClient.connect(`${socket}?ticket=${ticket}`);
    client.socket.send(JSON.stringify({ type: 'refresh', data: { token: bad } }));
    await client.flushed();
    await refused(`${socket}?ticket=${ticket}`);
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const log = server.lines.join('\n');
    expect(log).toContain('/api/v1/alerts');
    for (const secret of [SECRET, ticket, good.split('.')[2] ?? '', bad.split('.')[2] ?? ''])
      expect(log).not.toContain(secret);
  });
});
