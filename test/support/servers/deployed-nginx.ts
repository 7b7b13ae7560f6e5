import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { CertificateFiles } from '../app/certificates.js';
import { eventually } from '../app/eventually.js';
import { freePort } from './free-port.js';

const CONFIG = new URL('../../../deploy/nginx.conf', import.meta.url);
/** Debian keeps it where only administrators look. */
const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin'].join(delimiter) };

/** Where nginx listens, and whom it asks. */
interface Semaphore {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly upstreams: readonly string[];
  readonly certificate: CertificateFiles;
}

/** nginx with the configuration that is deployed, on free ports, in a folder of its own. */
export class DeployedNginx {
  private constructor(
    private readonly child: ChildProcess,
    private readonly places: Semaphore,
  ) {}

  /**
   * Starts it before `upstreams` (host and port each; they need not run yet). Resolves when it listens; rejects with what
   * nginx says of its configuration.
   */
  static async start(
    folder: string,
    upstreams: readonly string[],
    certificate: CertificateFiles,
  ): Promise<DeployedNginx> {
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    const places = { httpPort, httpsPort, upstreams, certificate };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pulsewatch.conf'), placed(await readFile(CONFIG, 'utf8'), places));
    await writeFile(join(folder, 'main.conf'), mainConfig(folder));
    const options = ['-p', folder, '-c', 'main.conf', '-e', 'stderr'];
    await promisify(execFile)('nginx', [...options, '-t'], { env });
    const child = spawn('nginx', options, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const nginx = new DeployedNginx(child, places);
    await nginx.listening();
    return nginx;
  }

  /** Where it speaks TLS. */
  get url(): string {
    return `https://127.0.0.1:${this.places.httpsPort}`;
  }

  /** Where it does not. */
  get plainUrl(): string {
    return `http://127.0.0.1:${this.places.httpPort}`;
  }

  /** Ends it and its workers. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  private async listening(): Promise<void> {
    const isUp = await eventually(
      async () => {
        if (this.child.exitCode !== null) return undefined;
        return fetch(this.plainUrl, { redirect: 'manual' }).then(
          () => true,
          () => false,
        );
      },
      (up) => up !== false,
    );
    if (isUp !== true) throw new Error('nginx does not listen');
  }
}

/** The deployed configuration with other places in it, and nothing else changed. */
function placed(config: string, { httpPort, httpsPort, upstreams, certificate }: Semaphore): string {
  const changes: readonly (readonly [RegExp, string])[] = [
    [/(?<=^ {4}listen )80(?=;)/gm, `127.0.0.1:${httpPort}`],
    [/(?<=^ {4}listen )443(?= ssl http2;)/gm, `127.0.0.1:${httpsPort}`],
    [/(?<=^ {4}ssl_certificate {5})\S+(?=;)/gm, certificate.cert],
    [/(?<=^ {4}ssl_certificate_key )\S+(?=;)/gm, certificate.key],
    [/(?<=^ {4}error_log )\S+(?= crit;)/gm, 'stderr'],
    [
      /^ {4}server pulsewatch-1:8000( [^;]+);\n {4}server pulsewatch-2:8000\1;/gm,
      upstreams.map((upstream) => `    server ${upstream}$1;`).join('\n'),
    ],
  ];
  return changes.reduce((text, [from, to]) => {
    const found = text.match(from)?.length ?? 0;
    if (found !== 1) throw new Error(`deploy/nginx.conf has ${found} of ${String(from)}, not one`);
    return text.replace(from, to);
  }, config);
}

/** What surrounds it where nginx is installed. Nothing is written outside the folder. */
function mainConfig(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${join(folder, name)};`,
  );
  return [
    // A worker that is another user could not enter the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 2;',
    `pid ${join(folder, 'nginx.pid')};`,
    'error_log stderr crit;',
    'events { worker_connections 4096; }',
    'http {',
    ...temporary,
    `  include ${join(folder, 'pulsewatch.conf')};`,
    '}',
    '',
  ].join('\n');
}
