import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../../src/platform/http/problem.js';

const page = await readFile(new URL('../../../docs/reference/problem-codes.md', import.meta.url), 'utf8');

describe('docs/reference/problem-codes.md', () => {
  it('has a heading, which is its anchor, for every code with its status, and no other', () => {
    const sections = page.matchAll(/^### (?<code>\S+)\n\n(?<status>\d{3})\. \S/gm);
    const documented = Array.from(sections, ({ groups }) => [groups?.code, Number(groups?.status)]);
    const defined = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]);
    expect(documented.sort()).toEqual(defined.sort());
    expect(page.match(/^### /gm)).toHaveLength(defined.length);
  });
});
