import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

const HOST = '127.0.0.1';

/** A redis-server of its own, which keeps nothing on a disk. */
export class RedisProcess {
  private constructor(
    private child: ChildProcess,
    private readonly port: number,
  ) {}

  /** Resolves when it listens. */
  static async start(): Promise<RedisProcess> {
    const port = await freePort();
    return new RedisProcess(await spawnRedis(port), port);
  }

  get url(): string {
    return `redis://${HOST}:${this.port}`;
  }

  /** Kills it; what it knew is gone. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await ended;
  }

  /** Starts it again after a kill, at the same address. */
  async again(): Promise<void> {
    this.child = await spawnRedis(this.port);
  }

  /** From here on it takes connections and commands, and answers nothing. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  /** Ends what {@link freeze} began. */
  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Asks it something. */
  async ask<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url);
    try {
      return await ask(redis);
    } finally {
      redis.disconnect();
    }
  }
}

async function spawnRedis(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('Install redis-server: this test needs it')));
    child.once('exit', () => reject(new Error('redis-server ended before it listened')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}
