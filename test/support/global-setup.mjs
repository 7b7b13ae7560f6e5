import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds `dist/`, which the specs run, unless it holds a build of exactly these sources. */
export default function setUp() {
  const script = fileURLToPath(new URL('../../scripts/build-if-needed.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed');
}
