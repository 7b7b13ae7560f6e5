/**
 * `node scripts/debian-tools.mjs redis-server nginx`: sees to it that these commands are there. Installs the Debian packages
 * of the same names when it may (root, with apt-get); otherwise says what is missing, and what needs it then says so too.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];

/** Whether a command can be run. */
function isThere(command) {
  return PATH.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function aptGet(...args) {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (status !== 0) console.error(stdout + stderr);
  return status === 0;
}

const missing = process.argv.slice(2).filter((command) => !isThere(command));
if (missing.length > 0) {
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    console.log(`pulsewatch: installing ${missing.join(', ')} …`);
    const install = ['install', '-y', '--no-install-recommends', ...missing];
    if (!aptGet(...install) && aptGet('update')) aptGet(...install);
  }
  const absent = missing.filter((command) => !isThere(command));
  if (absent.length > 0)
    console.error(`pulsewatch: install ${absent.join(', ')}; tests that need them fail without`);
}
