import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Variables } from './app.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

function start(variables: Variables): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', LOG_FORMAT: 'json', RISK_EVALUATE_EVERY: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The built server as a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it listens. */
  static async start(variables: Variables): Promise<ServerProcess> {
    const child = start(variables);
    if (!child.stdout) throw new Error('stdout is piped');
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /Live page\s+(http:\/\/[^/"]+)/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stdout.resume();
      return new ServerProcess(child, url);
    }
    throw new Error('The server ended before it listened');
  }

  /** Ends it and tells how it ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<{ code: unknown; signal: unknown }> {
    this.child.kill(signal);
    const [code, by] = (await once(this.child, 'exit')) as unknown[];
    return { code, signal: by };
  }
}

/** Runs the server until it ends by itself. */
export async function runToEnd(variables: Variables): Promise<{ code: unknown; stderr: string }> {
  const child = start(variables);
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString('utf8')));
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, stderr };
}
