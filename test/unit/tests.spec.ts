import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The folders that jest.config.mjs reads, see docs/architecture/testing.md. */
const PROJECTS = /^(unit|contract|e2e|model|faults|fleet)\//;
/** What is tested beside `src`. */
const BESIDE = /^(deploy|docs|public|tools)(\/|$)/;

const SELF = 'unit/tests.spec.ts';

const specs = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.spec.ts'));

describe('the specs', () => {
  it('lie where a Jest project reads them', () => {
    expect(specs.length).toBeGreaterThan(100);
    expect(specs.filter((path) => !PROJECTS.test(path))).toEqual([]);
  });

  it('that run on DynamoDB in the project long are read by it', () => {
    const halves = specs.filter((path) => {
      if (path === SELF) return false;
      const text = readFileSync(join(ROOT, 'test', path), 'utf8');
      const calls = text.split('onEachStorage(').length - 1;
      return calls > text.split("dynamodb: 'e2e'").length - 1 || /\b(inProject|PROJECT)\b/.test(text);
    });
    expect(halves.length).toBeGreaterThan(10);
    expect(halves.filter((path) => !path.endsWith('.more.spec.ts'))).toEqual([]);
  });

  it('of a unit lie as it does in src', () => {
    const folders = specs
      .filter((path) => path.startsWith('unit/'))
      .map((path) => dirname(path).slice('unit/'.length))
      .filter((folder) => !BESIDE.test(folder));
    expect(folders.filter((folder) => !existsSync(join(ROOT, 'src', folder)))).toEqual([]);
  });
});
