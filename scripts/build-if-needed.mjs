// Compiles src/ to dist/ unless dist/ already holds a build of exactly these sources.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isBuildCurrent, root, writeStamp } from './build-stamp.mjs';

if (process.argv.includes('--force') || !isBuildCurrent()) {
  if (!existsSync(join(root, 'node_modules/typescript'))) {
    console.error(
      'pulsewatch: dist/ is missing or out of date and the compiler is not installed; run "npm ci".',
    );
    process.exit(1);
  }
  console.error('pulsewatch: building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const build = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (build.status !== 0) process.exit(build.status ?? 1);
  writeStamp();
}
