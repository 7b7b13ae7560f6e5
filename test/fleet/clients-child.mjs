// A process of clients, so that they and the test do not wait for each other. Does what it is asked to, and ends with its parent.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ResumingClient } from './resuming-client.mjs';

const MAX_PROBLEMS = 5;
/** Of the clients that nobody measures, one in so many is restless; each of these a little more so than the next. */
const RESTLESS = 4;
/** An instance that stops says so; one that is killed cannot. */
const CLOSINGS = [1001, 1006];
const clients = [];
const contents = new Map();

const commands = {
  /** Adds clients; answers when each of them has got what there is. */
  async connect({ places, caFile }) {
    const ca = caFile === undefined ? undefined : readFileSync(caFile);
    for (const { count, name, instance, ...place } of places)
      for (let n = 1; n <= count; n += 1) {
        const isProbe = instance !== undefined;
        const patience = !isProbe && n % RESTLESS === 0 ? n : Infinity;
        const client = new ResumingClient({ ...place, ca }, contents, isProbe, patience);
        clients.push({ name: `${name} ${n}`, instance, client });
      }
    await Promise.all(clients.map(({ client }) => client.connected));
  },
  /** Answers when each of them has got everything up to an id. */
  async finish({ lastId }) {
    for (const { client } of clients) client.finish(lastId);
    await Promise.all(clients.map(({ client }) => client.finished));
  },
  /** Who waits for what. */
  states: () =>
    clients
      .filter(({ client }) => !client.isFinished)
      .map(({ name, client }) => `${name} is ${client.state}`),
  /** Compares what each of them got with the log in a file. */
  compare({ logFile }) {
    const log = JSON.parse(readFileSync(logFile, 'utf8'));
    const due = log.map(({ id }) => id);
    const other = log.filter(
      (event) => !isDeepStrictEqual(JSON.parse(contents.get(event.id) ?? '{}'), event),
    );
    const problems = [
      ...other.map((event) => `${contents.get(event.id)} instead of ${JSON.stringify(event)}`),
      ...clients.flatMap(({ name, client }) => [
        ...client.problems.map((problem) => `${name}: ${problem}`),
        ...[...client.closings.keys()]
          .filter((code) => !CLOSINGS.includes(code))
          .map((code) => `${name}: closed with ${code}`),
        ...differences(name, client.ids, due),
      ]),
    ];
    const sum = (pick) => clients.reduce((total, { client }) => total + pick(client), 0);
    return {
      problems: problems.slice(0, MAX_PROBLEMS),
      connections: sum(({ connections }) => connections),
      refusals: sum(({ refusals }) => refusals),
      frames: sum(({ ids }) => ids.length),
      probes: clients
        .filter(({ instance }) => instance !== undefined)
        .map(({ instance, client }) => ({ instance, arrivals: client.arrivals })),
    };
  },
};

function differences(name, ids, due) {
  if (isDeepStrictEqual(ids, due)) return [];
  const at = due.findIndex((id, index) => id !== ids[index]);
  const place = at === -1 ? due.length : at;
  return [
    `${name}: ${ids.length} events of ${due.length}; at ${place} got ${ids[place]} instead of ${due[place]}`,
  ];
}

process.on('message', async ({ id, command, argument }) => {
  try {
    process.send({ id, value: await commands[command](argument) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
