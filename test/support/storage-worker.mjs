// A process of its own on an embedded store: does what it is told by message, and answers each message.
import { openEmbeddedStorage } from '../../dist/storage/embedded/embedded-storage.js';

const storage = openEmbeddedStorage(process.argv[2]);

const tasks = {
  append: (record) => storage.alertLog.append(record),
  /** Adds 1 to an employee's stress rate, `times` times. */
  increment: async ({ id, times }) => {
    for (let n = 0; n < times; n += 1) {
      await storage.employees.mutate([id], (employeeId, current) => ({
        employeeId,
        attributes: {},
        metrics: {
          dimensions: {},
          rates: { stress_rate: (current?.metrics.rates.stress_rate ?? 0) + 1 },
        },
      }));
    }
  },
};

process.on('message', ({ task, argument }) => {
  tasks[task](argument).then(
    (answer) => process.send({ answer }),
    (error) => process.send({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send({ answer: 'ready' });
