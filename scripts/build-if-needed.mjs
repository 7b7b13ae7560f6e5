// Compiles src/ to dist/ unless dist/ already holds a build of exactly these sources.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBuildCurrent, root, writeStamp } from './build-stamp.mjs';

/** TypeScript 7; what is called `typescript` is 6, for the tools that call the compiler as a library. */
const COMPILER = 'node_modules/typescript-7/bin/tsc';
/** The one file of ReDoc that is served, and the licences that go with it. nest-cli.json copies the same. */
const ASSETS = [
  'redoc/bundles/redoc.standalone.js',
  'redoc/bundles/redoc.standalone.js.LICENSE.txt',
  'redoc/LICENSE',
];

if (process.argv.includes('--force') || !isBuildCurrent()) {
  if (!existsSync(join(root, COMPILER))) {
    console.error(
      'pulsewatch: dist/ is missing or out of date and the compiler is not installed; run "npm ci".',
    );
    process.exit(1);
  }
  console.error('pulsewatch: building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const build = spawnSync(process.execPath, [COMPILER, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
  for (const asset of ASSETS) {
    const target = join(root, 'dist', asset);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, 'node_modules', asset), target);
  }
  writeStamp();
}
