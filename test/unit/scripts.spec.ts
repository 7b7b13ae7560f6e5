import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['bench', 'examples', 'scripts', 'test', 'tools'];
/** `import { a, b as c } from './x.js'`, over one line or several. */
const IMPORT = /^import\s+(?:\{(?<names>[^}]*)\}\s+from\s+|[\w*\s]+from\s+)?'(?<path>\.[^']+)'/gm;

const scripts = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => join(folder, file)),
);
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What a script imports of ours that is not there: files, and names that a file does not export. */
function missingIn(script: string): string[] {
  return [...text(script).matchAll(IMPORT)].flatMap(({ groups }) => {
    const target = join(dirname(script), groups?.path ?? '');
    if (!existsSync(join(ROOT, target))) return [target];
    const names = (groups?.names ?? '').split(',').map((name) => name.trim().split(' as ')[0] ?? '');
    const exported = text(target);
    return names
      .filter((name) => name !== '' && !new RegExp(`^export [^;]*?\\b${name}\\b`, 'm').test(exported))
      .map((name) => `${name} of ${target}`);
  });
}

// No compiler reads them: without this, a moved file is noticed only when the script runs.
describe('scripts', () => {
  it.each(scripts)('%s imports what is there', (script) => {
    expect(missingIn(script)).toEqual([]);
  });
});
