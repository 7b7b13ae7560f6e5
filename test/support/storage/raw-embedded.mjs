// Writes every key and value of every table in the file of an embedded store: a process of its own, so that nothing that
// the tests' own process holds of it is asked.
import { open } from 'lmdb';

const root = open({ path: process.argv[2], maxDbs: 32 });
for (const name of [...root.getKeys()]) {
  const table = root.openDB({ name, encoding: 'string' });
  for (const { key, value } of table.getRange()) process.stdout.write(`${name} ${key} ${value}\n`);
}
await root.close();
