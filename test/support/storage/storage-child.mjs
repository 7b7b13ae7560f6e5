// A second process on an embedded store: does what its parent asks over IPC and answers each question.
import { openEmbeddedStorage } from '../../../dist/storage/embedded/embedded-storage.js';

const storage = openEmbeddedStorage(process.argv[2]);

const record = (first, by, characters = 0) => ({
  first,
  events: [
    { id: first, kind: 'raised', alert: 'employee_stress', entityId: by, text: 'x'.repeat(characters) },
  ],
});

async function head() {
  const [newest] = await storage.alertLog.readBackwards(Number.MAX_SAFE_INTEGER, 1);
  return newest ? newest.first + newest.events.length - 1 : 0;
}

const questions = {
  append: ({ first, characters }) => storage.alertLog.append(record(first, 'child', characters)),
  head,
  increment: async ({ id, times }) => {
    for (let n = 0; n < times; n += 1) {
      await storage.employees.mutate([id], (employeeId, current) => ({
        employeeId,
        attributes: {},
        metrics: { dimensions: {}, rates: { stress_rate: (current?.metrics.rates.stress_rate ?? 0) + 1 } },
      }));
    }
  },
  /** Appends until `count` records are its own, each time after what it last saw. */
  appendOwn: async ({ count }) => {
    for (let own = 0; own < count;) {
      if (await storage.alertLog.append(record((await head()) + 1, 'child'))) own += 1;
    }
  },
  /** Appends until the process is killed, and tells of each append once it is acknowledged. */
  flood: async ({ characters }) => {
    for (let first = (await head()) + 1; ; first += 1) {
      if (await storage.alertLog.append(record(first, 'child', characters)))
        process.send({ acknowledged: first });
    }
  },
  end: async () => {
    await storage.close();
    process.disconnect();
  },
};

// Without a parent to talk to: one append, and away.
if (!process.connected) {
  await questions.append({ first: Number(process.argv[3]) });
  await storage.close();
}

process.on('message', async ({ number, name, ...parameters }) => {
  const answer = await questions[name](parameters);
  if (process.connected) process.send({ number, answer });
});
