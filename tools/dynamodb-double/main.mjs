// A DynamoDB for tests, in a process of its own: tells its port, and ends with its parent.
//   node tools/dynamodb-double/main.mjs [--port 0] [--hostile] [--seed 1]
import { parseArgs } from 'node:util';
import { startServer } from './server.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    hostile: { type: 'boolean', default: false },
    seed: { type: 'string' },
  },
});
const isHostile = values.hostile;
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1_000_000));
const { port } = await startServer({ port: Number(values.port), seed, isHostile });

console.log(JSON.stringify({ port, ...(isHostile ? { hostile: true, seed } : {}) }));
if (process.send) {
  process.send(port);
  process.on('disconnect', () => process.exit(0));
}
