import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./storage-child.mjs', import.meta.url));
const BUILD = fileURLToPath(new URL('../../../scripts/build-if-needed.mjs', import.meta.url));

type Message = { number: number; answer?: unknown } | { acknowledged: number };

/** Another process on an embedded store, which runs the built adapter. */
export class StorageProcess {
  /** The last append that it was told to be durable. */
  acknowledged = 0;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (answer: unknown) => void; reject: () => void }>();
  private readonly flooded: { wanted: number; seen: number; number: number } = {
    wanted: 0,
    seen: 0,
    number: 0,
  };
  private asked = 0;

  constructor(dataDir: string) {
    this.child = fork(SCRIPT, [dataDir]);
    this.child.on('message', (message: Message) => {
      if ('acknowledged' in message) {
        this.acknowledged = message.acknowledged;
        this.flooded.seen += 1;
        if (this.flooded.seen === this.flooded.wanted) this.answered(this.flooded.number);
      } else {
        this.answered(message.number, message.answer);
      }
    });
    this.child.once('exit', () => {
      for (const { reject } of this.waiting.values()) reject();
    });
  }

  static build(): void {
    const { status } = spawnSync(process.execPath, [BUILD], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The build failed');
  }

  /** Has a process append while this one stands still: not one turn of its event loop passes. */
  static appendMeanwhile(dataDir: string, first: number): void {
    const { status } = spawnSync(process.execPath, [SCRIPT, dataDir, String(first)], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The append failed');
  }

  /** Asks for one of the things that storage-child.mjs can do. */
  ask(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const number = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject: () => reject(new Error('The child has ended')) });
      this.child.send({ number, name, ...parameters });
    });
  }

  /** Begins to append without end; resolves when `count` appends are acknowledged. */
  async flood(count: number, characters: number): Promise<void> {
    const reached = this.ask('flood', { characters });
    Object.assign(this.flooded, { wanted: count, seen: 0, number: this.asked });
    await reached;
  }

  /** kill -9. What it said before has arrived when this resolves. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  /** Lets it close the store and go. */
  async end(): Promise<void> {
    const closed = once(this.child, 'close');
    this.child.send({ number: ++this.asked, name: 'end' });
    await closed;
  }

  private answered(number: number, answer?: unknown): void {
    this.waiting.get(number)?.resolve(answer);
    this.waiting.delete(number);
  }
}
