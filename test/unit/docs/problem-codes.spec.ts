import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../../src/platform/http/problem.js';

const page = await readFile(new URL('../../../docs/reference/problem-codes.md', import.meta.url), 'utf8');

/** A section in one line, without its references: the page that the server serves has nothing to link to. */
function proseOf(section: string): string {
  return section
    .replace(/\s+/g, ' ')
    .replace(/ See \[[^\]]*\]\([^)]*\)\./g, '')
    .replace(/; see \[[^\]]*\]\([^)]*\)\./g, '.');
}

describe('docs/reference/problem-codes.md', () => {
  it('has a heading, which is its anchor, for every code with its status, and no other', () => {
    const sections = page.matchAll(/^### (?<code>\S+)\n\n(?<status>\d{3})\. \S/gm);
    const documented = Array.from(sections, ({ groups }) => [groups?.code, Number(groups?.status)]);
    const defined = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]);
    expect(documented.sort()).toEqual(defined.sort());
    expect(page.match(/^### /gm)).toHaveLength(defined.length);
  });

  it('explains every code in the words of the page that the server serves, with links to further reading', () => {
    const sections = page.matchAll(/^### (?<code>\S+)\n\n\d{3}\. (?<text>[^]*?)\s*(?=^#|$(?![^]))/gm);
    const documented = Array.from(sections, ({ groups }) => [groups?.code, proseOf(groups?.text ?? '')]);
    const served = Object.entries(PROBLEMS).map(([code, { help }]) => [code, help]);
    expect(documented.sort()).toEqual(served.sort());
  });
});
