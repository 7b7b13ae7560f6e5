import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('storage-worker.mjs', import.meta.url));

/** Another process on an embedded store. */
export class StorageChild {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when it has opened the store. */
  static async start(folder: string): Promise<StorageChild> {
    const child = new StorageChild(fork(SCRIPT, [folder], { execArgv: [] }));
    await child.answer();
    return child;
  }

  /** Has it do something; resolves to its answer. One at a time. */
  async ask(task: 'append' | 'increment', argument: object): Promise<unknown> {
    this.child.send({ task, argument });
    return this.answer();
  }

  /** Has it begin something and waits for nothing. */
  tell(task: 'append' | 'increment', argument: object): void {
    this.child.send({ task, argument });
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }

  private async answer(): Promise<unknown> {
    const [message] = (await once(this.child, 'message')) as { answer?: unknown; error?: string }[];
    if (message?.error !== undefined) throw new Error(message.error);
    return message?.answer;
  }
}
