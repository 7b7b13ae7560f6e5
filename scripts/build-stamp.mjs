// A fingerprint of everything that goes into dist/, kept beside it, so that `npm start` builds only when needed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = join(root, 'dist/.build-stamp');

function fingerprint() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [
    ...sources,
    ...['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name)),
  ]) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** True when dist/ was built from the sources as they are now, or when there are no sources (a packed release). */
export function isBuildCurrent() {
  if (!existsSync(join(root, 'src'))) return true;
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}

/** Records that dist/ now matches the sources. */
export function writeStamp() {
  writeFileSync(stampFile, fingerprint());
}
