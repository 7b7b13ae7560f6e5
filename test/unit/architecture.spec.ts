import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));
const MAX_LINES = 400;
/** A file below this with a single importer belongs into that importer, unless it is one of {@link MAY_BE_SMALL}. */
const MIN_LINES = 25;
const MAY_BE_SMALL = /\.(module|decorator|store)\.ts$|^storage\/ports\//;

/** A folder may import those after it, never one before it. */
const ORDER = 'people delivery insight alerting ingest platform storage config domain lib'.split(' ');
/** These three do not know each other. */
const STRANGERS = ['people', 'delivery', 'insight'];
const KNOW_ADAPTERS = ['storage/storage.module.ts', 'create-tables.ts'];
/** The entries check the version of Node.js before they load anything else, and nothing imports them. */
const ENTRIES = ['main.ts', 'tables.ts'];

/** Imports and re-exports of ours, types included, with `from` or without. */
const IMPORT = /^(?:import|export)\s(?:[^;]*?from )?'(?<path>\.[^']+)'/gms;

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));
const text = (file: string) => readFileSync(join(SOURCE, file), 'utf8');
const linesOf = (file: string) => text(file).trimEnd().split('\n').length;
const topOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const importsOf = (file: string) =>
  [...text(file).matchAll(IMPORT)].map(({ groups }) =>
    join(dirname(file), groups?.path ?? '')
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts'),
  );
const isAdapter = (file: string) => /^storage\/(embedded|dynamodb)\//.test(file);

describe('the folders of src', () => {
  it('import only those below them', () => {
    const isUpward = (from: string, to: string) =>
      from !== to &&
      (ORDER.indexOf(to) < ORDER.indexOf(from) || (STRANGERS.includes(from) && STRANGERS.includes(to)));
    const within = files.filter((file) => topOf(file) !== '');
    expect(within.filter((file) => !ORDER.includes(topOf(file)))).toEqual([]);
    const breaches = within.flatMap((file) =>
      importsOf(file)
        .filter((target) => isUpward(topOf(file), topOf(target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('are all seen: imports over one line and several, with types and without, none at run time', () => {
    expect(importsOf('domain/alerts/alert-state.ts')).toEqual([
      'domain/alerts/alert.ts',
      'domain/alerts/log-event.ts',
    ]);
    expect(importsOf('server.ts')).toContain('app.setup.ts');
    expect(importsOf('delivery/alerts/alerts.dto.ts')).toContain('delivery/alerts/message.dto.ts');
    // Not a call or a declaration of a method with this name.
    const atRunTime = /(?<!\.|^ {2})\bimport\(|\brequire\('\./m;
    expect(files.filter((file) => atRunTime.test(text(file)))).toEqual(ENTRIES);
  });

  it('load nothing in an entry before the version of Node.js is checked', () => {
    for (const entry of ENTRIES) expect(importsOf(entry)).toEqual(['node-version.ts']);
    expect(importsOf('node-version.ts')).toEqual([]);
  });

  it('have no circle of imports, types included', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`A circle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of importsOf(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(done.size).toBe(files.length);
  });

  it('name a storage adapter in one module only, and in the tool that creates tables', () => {
    const breaches = files.filter(
      (file) => !isAdapter(file) && !KNOW_ADAPTERS.includes(file) && importsOf(file).some(isAdapter),
    );
    expect(breaches).toEqual([]);
  });

  it('keep the domain free of packages, Node and clocks, and lib free of packages', () => {
    const impure = /from '(?!\.)|\bDate\.now\(|new Date\(\)|Math\.random/;
    expect(files.filter((file) => topOf(file) === 'domain' && impure.test(text(file)))).toEqual([]);
    const packages = /from '(?!\.|node:)/;
    expect(files.filter((file) => topOf(file) === 'lib' && packages.test(text(file)))).toEqual([]);
  });

  it('read the environment in one place', () => {
    const breaches = files.filter((file) => text(file).includes('process.env') && !ENTRIES.includes(file));
    expect(breaches).toEqual([]);
  });

  it('hold one thought a file: none too long, no scrap with a single importer, no barrel', () => {
    const importers = new Map<string, number>();
    for (const target of files.flatMap(importsOf)) importers.set(target, (importers.get(target) ?? 0) + 1);
    const isScrap = (file: string) =>
      linesOf(file) < MIN_LINES && importers.get(file) === 1 && !MAY_BE_SMALL.test(file);
    expect(files.filter((file) => linesOf(file) > MAX_LINES)).toEqual([]);
    expect(files.filter(isScrap)).toEqual([]);
    expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual([]);
    expect(files.length).toBeLessThanOrEqual(400);
  });
});
