import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./clients-child.mjs', import.meta.url));

/** Where some clients connect. */
export interface ClientPlace {
  readonly name: string;
  readonly url: string;
  readonly count: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The instance, where it is known: then it is kept when each event arrived. */
  readonly instance?: string;
}

/** What some clients got. */
export interface ClientReport {
  readonly problems: readonly string[];
  readonly connections: number;
  readonly refusals: number;
  readonly frames: number;
  readonly probes: readonly Probe[];
}

/** A client of a known instance, and when (milliseconds since 1970) it got the events that it did not get as replays. */
export interface Probe {
  readonly instance: string;
  readonly arrivals: readonly (readonly [id: string, at: number])[];
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Clients in a process of their own. */
export class ClientGroup {
  private readonly questions = new Map<number, (reply: Reply) => void>();
  private asked = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: Reply) => this.questions.get(reply.id)?.(reply));
    child.on('exit', (code) => {
      for (const [id, settle] of this.questions)
        settle({ id, error: `The clients ended with ${String(code)}` });
    });
  }

  /** Resolves when each of them is connected. `caFile` holds a certificate that they believe. */
  static async start(places: readonly ClientPlace[], caFile: string): Promise<ClientGroup> {
    const group = new ClientGroup(fork(SCRIPT, { execArgv: [] }));
    try {
      await group.ask('connect', { places, caFile });
    } catch (error) {
      await group.stop();
      throw error;
    }
    return group;
  }

  /** Resolves when each of them has got everything up to this event; undefined: there is none. */
  async finish(lastId: string | undefined): Promise<void> {
    await this.ask('finish', { lastId });
  }

  /** What each of them waits for. */
  states(): Promise<readonly string[]> {
    return this.ask('states', {}) as Promise<readonly string[]>;
  }

  /** Compares what each of them got with the log, which lies in a file. */
  compare(logFile: string): Promise<ClientReport> {
    return this.ask('compare', { logFile }) as Promise<ClientReport>;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private async ask(command: string, argument: object): Promise<unknown> {
    const id = (this.asked += 1);
    const reply = await new Promise<Reply>((resolve) => {
      this.questions.set(id, resolve);
      this.child.send({ id, command, argument });
    });
    this.questions.delete(id);
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  }
}
