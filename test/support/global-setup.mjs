import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Builds `dist/`, which the specs run, unless it holds a build of exactly these sources. Fills the compile cache of a new build:
 * a server that a test kills would leave none to those after it.
 */
export default function setUp() {
  const { status } = spawnSync(process.execPath, [pathOf('scripts/build-if-needed.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed');
  const cache = pathOf('dist/.compile-cache');
  if (existsSync(cache)) return;
  const load = `process.getBuiltinModule('module').enableCompileCache(${JSON.stringify(cache)}); await import('./dist/server.js')`;
  spawnSync(process.execPath, ['--input-type=module', '-e', load], { cwd: pathOf('.'), stdio: 'inherit' });
}
