/**
 * `node scripts/debian-tools.mjs --install redis-server nginx`: checks that these commands are there. With `--install`, or
 * PULSEWATCH_INSTALL=1, it installs the Debian packages of those that are missing, where it may (root, with apt-get), without
 * starting their services. Otherwise it changes nothing, and names what is missing.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The packages that are not called as their command is. */
const PACKAGES = { nginx: 'nginx-light' };
/** Packages ask it whether a service may be started: 101 says no. */
const START_POLICY = '/usr/sbin/policy-rc.d';
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

/** Runs something during which no package starts its service: a test starts its own, at ports of its own. */
function withoutServices(run) {
  let isOurs = false;
  try {
    writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    isOurs = true;
  } catch (error) {
    // Who has a policy already keeps it.
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    run();
  } finally {
    if (isOurs) rmSync(START_POLICY);
  }
}

const mayInstall = process.argv.includes('--install') || process.env.PULSEWATCH_INSTALL === '1';
const missing = process.argv.slice(2).filter((word) => word !== '--install' && !isThere(word));
if (missing.length > 0) {
  if (mayInstall && process.getuid?.() === 0 && isThere('apt-get')) {
    console.log(`pulsewatch: installing ${missing.join(', ')} …`);
    const packages = missing.map((command) => PACKAGES[command] ?? command);
    const install = ['install', '-y', '--no-install-recommends', ...packages];
    withoutServices(() => {
      if (!aptGet(...install) && aptGet('update')) aptGet(...install);
    });
  }
  const absent = missing.filter((command) => !isThere(command));
  if (absent.length > 0)
    console.error(`pulsewatch: install ${absent.join(' and ')}: what needs them does not run without`);
}
