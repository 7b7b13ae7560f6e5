// Servers to be compared, with their clients.
import { startHelper } from './helper.mjs';

/** A server and its clients, each in a process of their own. With `tokens` clients bring one each, in turns. */
export async function startSide(name, program, environment, tokens = []) {
  const server = startHelper(program, environment);
  const clients = startHelper('counting-clients');
  const address = await server.ask('address');
  return { name, server, clients, connect: (count) => clients.ask('connect', { count, tokens, ...address }) };
}

/** One measurement of one side: milliseconds from the trigger to the last byte of the last client. */
export async function measure({ server, clients }, alerts, digest) {
  await clients.ask('expect', alerts);
  const { at, durableAt } = await server.ask('trigger');
  const outcome = await clients.ask('outcome');
  const meters = await server.ask('meters');
  if (outcome.digest !== digest) throw new Error('the clients got other bytes than were sent');
  const delivery = outcome.at - durableAt;
  return { whole: outcome.at - at, delivery, bytes: outcome.bytes, clientCpu: outcome.cpu, ...meters };
}
