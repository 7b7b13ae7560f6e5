import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));
const MAX_LINES = 220;

/** Which rooms a room may import from, beside itself. `storage` means its ports. */
const FEATURE = [
  'domain',
  'events',
  'config',
  'storage',
  'http',
  'concurrency',
  'alert-log',
  'faults',
  'lifecycle',
  'metrics',
  'instances',
  'auth',
  'audit',
  'department-sums',
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  concurrency: [],
  config: ['domain'],
  events: ['domain', 'concurrency'],
  storage: ['domain', 'config', 'concurrency'],
  http: ['domain', 'storage', 'concurrency'],
  auth: ['domain', 'config', 'http', 'concurrency', 'metrics'],
  faults: [],
  lifecycle: ['concurrency'],
  metrics: ['domain', 'config', 'storage', 'http', 'auth'],
  instances: ['domain', 'config', 'storage', 'concurrency'],
  'alert-log': ['domain', 'config', 'storage', 'concurrency', 'faults', 'metrics'],
  audit: ['domain', 'config', 'storage', 'http', 'concurrency', 'lifecycle', 'metrics', 'auth'],
  'department-sums': ['domain', 'storage', 'concurrency', 'lifecycle', 'instances'],
  redis: ['config', 'concurrency', 'metrics', 'health', 'auth', 'alert-log', 'instances'],
  upload: FEATURE,
  sync: FEATURE,
  'risk-monitor': FEATURE,
  'direct-edits': [...FEATURE, 'health'],
  alerts: FEATURE,
  people: FEATURE,
  privacy: FEATURE,
  channels: [...FEATURE, 'alerts'],
  health: FEATURE,
  live: FEATURE,
  docs: FEATURE,
};
/** The one place that knows the storage adapters, and the tool that creates tables. */
const KNOW_ADAPTERS = ['storage/storage.module.ts', 'tables.ts'];
const READ_ENVIRONMENT = ['main.ts', 'tables.ts'];

/** Imports and re-exports of ours, with `from` or without. */
const IMPORT = /^(?:import|export)(?<type> type)?\s(?:[^;]*?from )?'(?<path>\.[^']+)'/gms;

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));
const text = (file: string) => readFileSync(join(SOURCE, file), 'utf8');
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

/** The files of ours that a file imports; those whose types alone it uses are left out on request. */
function importsOf(file: string, withTypes: boolean): string[] {
  return [...text(file).matchAll(IMPORT)]
    .filter(({ groups }) => withTypes || groups?.type === undefined)
    .map(({ groups }) =>
      relative(SOURCE, join(SOURCE, dirname(file), groups?.path ?? '')).replace(/\.js$/, '.ts'),
    );
}

const isAdapter = (file: string) => /^storage\/(embedded|dynamodb)\//.test(file);

describe('the layers', () => {
  it.each(files.filter((file) => file.includes('/')))('%s imports only what its room may', (file) => {
    const allowed = MAY_IMPORT[roomOf(file)];
    expect(allowed).toBeDefined();
    const breaches = importsOf(file, true).filter((target) => {
      if (roomOf(target) !== roomOf(file) && !allowed?.includes(roomOf(target))) return true;
      return isAdapter(target) && !isAdapter(file) && !KNOW_ADAPTERS.includes(file);
    });
    expect(breaches).toEqual([]);
  });

  it('are seen at all: imports over one line and several, with types and without', () => {
    expect(importsOf('domain/fold.ts', true)).toEqual(['domain/alert.ts', 'domain/log-event.ts']);
    expect(importsOf('domain/fold.ts', false)).toEqual(['domain/alert.ts']);
    expect(importsOf('domain/department.ts', true)).toEqual(['domain/metrics.ts']);
    expect(importsOf('domain/department.ts', false)).toEqual([]);
    expect(importsOf('main.ts', false)).toContain('app.setup.ts');
    expect(files.filter((file) => /\bimport\(|\brequire\('\./.test(text(file)))).toEqual([]);
  });

  it('name a storage adapter in one module only', () => {
    const breaches = files.filter(
      (file) => !isAdapter(file) && !KNOW_ADAPTERS.includes(file) && importsOf(file, true).some(isAdapter),
    );
    expect(breaches).toEqual([]);
  });

  it('let http know of the storage only that it can fail', () => {
    const known = files
      .filter((file) => roomOf(file) === 'http')
      .flatMap((file) => importsOf(file, true))
      .filter((target) => roomOf(target) === 'storage');
    expect(new Set(known)).toEqual(new Set(['storage/storage-error.ts']));
  });

  it('keep the domain free of Nest, Node and everything else', () => {
    const breaches = files
      .filter((file) => roomOf(file) === 'domain')
      .filter(
        (file) =>
          /from '(?!\.)/.test(text(file)) || /\bDate\.now\(|new Date\(\)|Math\.random/.test(text(file)),
      );
    expect(breaches).toEqual([]);
  });

  it('read the environment in one place', () => {
    const breaches = files.filter(
      (file) => text(file).includes('process.env') && !READ_ENVIRONMENT.includes(file),
    );
    expect(breaches).toEqual([]);
  });

  it('have no cycle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`A cycle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of importsOf(file, false)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(done.size).toBe(files.length);
  });

  it('have no barrels and no long files', () => {
    expect(files.filter((file) => file.endsWith('index.ts'))).toEqual([]);
    expect(files.filter((file) => text(file).split('\n').length > MAX_LINES)).toEqual([]);
  });
});
