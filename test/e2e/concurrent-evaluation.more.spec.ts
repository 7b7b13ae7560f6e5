import { afterEach, describe, expect, it } from '@jest/globals';
import type { Employee } from '../../src/domain/people/employee.js';
import { startDynaliteProcess } from '../support/storage/dynalite-process.js';
import { eventually } from '../support/app/eventually.js';
import { ServerProcess } from '../support/app/server-process.js';
import { inProject } from '../support/project.js';
import { installDynamo, installEmbedded, type Install } from '../support/storage/storages.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';

const PROCESSES = 3;
const REQUESTS = 10;
const IDS = Array.from({ length: 1_000 }, (_, n) => `E${n}`);

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const INSTALLATIONS = inProject<{ name: string; install: Install }>({
  short: [{ name: 'embedded', install: installEmbedded }],
  long: [{ name: 'dynamodb', install: () => installDynamo(startDynaliteProcess) }],
});

async function evaluate({ url }: ServerProcess): Promise<{ alerts_raised: number; alerts_cleared: number }> {
  const response = await fetch(`${url}/api/v1/risk/evaluate`, { method: 'POST' });
  return (await response.json()) as { alerts_raised: number; alerts_cleared: number };
}

async function log({ url }: ServerProcess): Promise<Frame[]> {
  const pages: Frame[] = [];
  for (let after = 'earliest'; ;) {
    const response = await fetch(`${url}/api/v1/alerts?limit=500&after=${after}`);
    const page = (await response.json()) as { items: Frame[]; position: string; next_cursor: string | null };
    pages.push(...page.items);
    if (page.next_cursor === null) return pages;
    after = page.position;
  }
}

describe.each(INSTALLATIONS)('processes that evaluate at the same time, on $name', ({ install }) => {
  it('raise each alert once, and tell every subscriber of each in the same order', async () => {
    const installation = await install();
    undo.push(installation.remove);
    const storage = await installation.open();
    undo.push(() => storage.close());
    const servers = await Promise.all(
      Array.from({ length: PROCESSES }, () => ServerProcess.start(installation.variables)),
    );
    undo.push(() => Promise.all(servers.map((server) => server.end('SIGKILL'))));
    const clients = await Promise.all(
      servers.map(({ url }) => WsClient.connect(`${url.replace('http', 'ws')}/api/v1/ws/alerts`)),
    );
    // Each of them starts with an evaluation, one after another.
    const passes = await eventually(
      async () => {
        await Promise.all(servers.map(evaluate));
        return (await storage.evaluationPass.get())?.completed;
      },
      (completed = 0) => completed >= PROCESSES,
    );
    expect(passes).toBe(PROCESSES);

    const stressed = (employeeId: string): Employee => ({
      employeeId,
      attributes: {},
      metrics: { dimensions: {}, rates: { stress_rate: 80 } },
    });
    await storage.employees.mutate(IDS, stressed);
    const answers = await Promise.all(
      servers.flatMap((server) => Array.from({ length: REQUESTS }, () => evaluate(server))),
    );

    expect(answers.reduce((sum, { alerts_raised }) => sum + alerts_raised, 0)).toBe(IDS.length);
    expect(answers.every(({ alerts_cleared }) => alerts_cleared === 0)).toBe(true);
    const events = await log(servers[0] ?? fail());
    expect(events.map(({ type }) => type)).toEqual(IDS.map(() => 'employee_stress'));
    expect(new Set(events.map(({ data }) => data?.employee_id))).toEqual(new Set(IDS));
    for (const client of clients) {
      await client.until(() => client.alerts.length >= events.length);
      await client.flushed();
      expect(client.alerts).toEqual(events);
      await client.close();
    }
  });
});

function fail(): never {
  throw new Error('A server was started');
}
