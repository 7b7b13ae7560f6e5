// Processes of their own for servers and clients, and the questions they are asked.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Milliseconds on a clock that all processes of this machine share and that only grows. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** No question takes this long unless something is broken. */
const PATIENCE_MS = 120_000;

/** Starts bench/support/`name`.mjs. `ask(command, argument)` resolves with what it answers. */
export function startHelper(name, environment = {}) {
  const child = fork(fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)), {
    execArgv: [...process.execArgv, '--expose-gc'],
    env: { PATH: process.env.PATH, ...environment },
    serialization: 'advanced',
  });
  const questions = new Map();
  let asked = 0;
  const settle = (id, error, value) => {
    const { resolve, reject, timer } = questions.get(id);
    clearTimeout(timer);
    questions.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(`${name}: ${error}`));
  };
  child.on('message', ({ id, value, error }) => settle(id, error, value));
  child.on('exit', (code) => {
    for (const id of questions.keys()) settle(id, `ended with exit code ${code}`);
  });
  return {
    ask: (command, argument) =>
      new Promise((resolve, reject) => {
        const id = (asked += 1);
        const timer = setTimeout(() => settle(id, `no answer to "${command}"`), PATIENCE_MS);
        questions.set(id, { resolve, reject, timer });
        child.send({ id, command, argument });
      }),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) resolve();
        child.once('exit', resolve);
        child.disconnect();
      }),
  };
}

/** In a helper: answers each question with what `commands` makes of it, until the asker goes. */
export function answerQuestions(commands, close = () => undefined) {
  process.on('message', async ({ id, command, argument }) => {
    try {
      process.send({ id, value: await commands[command](argument) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  process.on('disconnect', async () => {
    await close();
    process.exit();
  });
}
