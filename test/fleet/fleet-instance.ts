import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Variables } from '../support/app/app.js';
import { freePort } from '../support/servers/free-port.js';
import { ServerProcess } from '../support/app/server-process.js';

/** The product promises ten seconds between SIGTERM and the end; a busy machine may add to them. */
const STOP_DEADLINE_MS = 12_000;
/** Between two questions: asked without a pause, an instance would do nothing else. */
const PAUSE_MS = 50;
/** In the log: an error or worse. */
const ERROR = /"level":[56]0/;

/** One instance of the fleet, which is killed, stopped and started again at the same address. */
export class FleetInstance {
  /** What it did that it must not do. */
  readonly problems: string[] = [];
  private process: ServerProcess | undefined;
  private readonly log: WriteStream;

  private constructor(
    readonly name: string,
    private readonly variables: Variables,
    logFile: string,
  ) {
    this.log = createWriteStream(logFile, { flags: 'a' });
  }

  /** Chooses an address, and starts nothing. `variables` are those of this instance. */
  static async create(name: string, variables: Variables, logFile: string): Promise<FleetInstance> {
    return new FleetInstance(name, { ...variables, PORT: String(await freePort()) }, logFile);
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${this.variables.PORT ?? ''}`;
  }

  get url(): string {
    return `http://${this.address}`;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const process = ServerProcess.spawn(this.variables);
    this.process = process;
    process.onLine((line) => {
      this.log.write(`${line}\n`);
      if (ERROR.test(line)) this.problems.push(`${this.name} logged ${line.slice(0, 400)}`);
    });
    if ((await process.listening) === undefined)
      throw new Error([`${this.name} ended before it listened`, ...process.lines].join('\n'));
    await this.says(() => true);
  }

  /** Resolves when its readiness probe answers 200, and with a status that satisfies. */
  async says(satisfies: (status: string) => boolean): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/health/ready`);
      const { status } = (await answer.json()) as { status: string };
      if (answer.status === 200 && satisfies(status)) return;
      await delay(PAUSE_MS);
    }
  }

  /** Kills it as `kill -9` does. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** Stops it politely; it must end by itself, in time. */
  async stop(): Promise<void> {
    const { process } = this;
    if (!process) return;
    const timer = setTimeout(() => process.signal('SIGKILL'), STOP_DEADLINE_MS);
    const { code, signal } = await process.end('SIGTERM');
    clearTimeout(timer);
    if (code !== 0) this.problems.push(`${this.name} was told to stop and ended with ${code ?? signal}`);
  }

  /** Kills what still runs. */
  async abandon(): Promise<void> {
    await this.kill();
    await new Promise((resolve) => this.log.end(resolve));
  }
}
