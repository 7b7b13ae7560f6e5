import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Variables } from './app.js';

/** Another build of the server than the one of this tree, such as one with a fault in it. */
const MAIN =
  process.env.PULSEWATCH_TEST_MAIN ?? fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
/** The last lines of its log are kept. */
const KEPT_LINES = 200;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

function start(variables: Variables): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_FORMAT: 'json',
      RISK_EVALUATE_EVERY: '0',
      // As in TestApp: the document makes a start longer.
      DOCS: 'off',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The built server as a process of its own. */
export class ServerProcess {
  /** Its address once it listens; undefined when it ended before. */
  readonly listening: Promise<string | undefined>;
  /** How it ended, whoever ended it. */
  readonly ended: Promise<ProcessEnd>;
  /** What it logged last. */
  readonly lines: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();
  private address = '';

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => ({
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? signal : null,
    }));
    this.listening = this.follow();
  }

  /** Starts it, without waiting for anything. */
  static spawn(variables: Variables): ServerProcess {
    return new ServerProcess(start(variables));
  }

  /** Resolves when it listens. */
  static async start(variables: Variables): Promise<ServerProcess> {
    const server = ServerProcess.spawn(variables);
    if ((await server.listening) === undefined)
      throw new Error(['The server ended before it listened', ...server.lines].join('\n'));
    return server;
  }

  /** Its address, once it listens. */
  get url(): string {
    return this.address;
  }

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  /** Hears every line of its log from now on. */
  onLine(listener: (line: string) => void): void {
    this.listeners.add(listener);
  }

  /** The next line of its log that holds a text. Rejects when it ends without. */
  says(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const listen = (line: string): void => {
        if (!line.includes(text)) return;
        this.listeners.delete(listen);
        resolve(line);
      };
      this.listeners.add(listen);
      void this.ended.then(() => reject(new Error(`The server ended and did not say "${text}"`)));
    });
  }

  /** Sends a signal, without waiting for anything. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it and tells how it ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<ProcessEnd> {
    this.signal(signal);
    return this.ended;
  }

  private async follow(): Promise<string | undefined> {
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('Both outputs are piped');
    createInterface({ input: stderr }).on('line', (line) => this.keep(line));
    return new Promise((resolve) => {
      createInterface({ input: stdout }).on('line', (line) => {
        this.keep(line);
        const [, secure, authority] = /WebSocket\s+ws(s?):\/\/([^/"]+)/.exec(line) ?? [];
        if (secure !== undefined) resolve((this.address = `http${secure}://${authority}`));
      });
      void this.ended.then(() => resolve(undefined));
    });
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    for (const listen of this.listeners) listen(line);
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
