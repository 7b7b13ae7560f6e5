import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README_MAX_LINES = 150;

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].map((file) => join(ROOT, file));

/** The text of a page without its blocks of code, in which neither links nor headings stand. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replace(/^ *```.*?^ *```$/gms, '');
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const uses = new Map<string, number>();
  const headings = proseOf(page).matchAll(/^#{1,6} (?<heading>.+)$/gm);
  return new Set(
    Array.from(headings, ({ groups }) => {
      const kept = (groups?.heading ?? '').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
      const slug = kept.trim().replaceAll(' ', '-');
      const before = uses.get(slug) ?? 0;
      uses.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
}

/** The relative links of a page that lead nowhere. */
function brokenLinksOf(page: string): string[] {
  const prose = proseOf(page).replace(/`[^`\n]*`/g, '');
  const links = Array.from(prose.matchAll(/\]\((?<target>[^)\s]+)\)/g), ({ groups }) => groups?.target ?? '');
  return links
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : resolve(dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !(file.endsWith('.md') && anchorsOf(file).has(anchor));
    });
}

describe('the documentation', () => {
  it.each(pages.map((page) => relative(ROOT, page)))('%s links to existing files and anchors', (page) => {
    expect(brokenLinksOf(join(ROOT, page))).toEqual([]);
  });

  it('has every page on a path from the README', () => {
    const found = new Set<string>([join(ROOT, 'README.md')]);
    for (const page of found) {
      for (const { groups } of proseOf(page).matchAll(/\]\((?<target>[^)#\s]+\.md)/g)) {
        const target = resolve(dirname(page), groups?.target ?? '');
        if (existsSync(target)) found.add(target);
      }
    }
    expect(pages.filter((page) => !found.has(page))).toEqual([]);
  });

  it(`keeps the README to ${README_MAX_LINES} lines`, () => {
    const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(README_MAX_LINES);
  });
});
