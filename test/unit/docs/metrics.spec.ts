import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../../../src/platform/observability/metrics.js';

const page = await readFile(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8');

describe('docs/reference/metrics.md', () => {
  it('has a row for every metric of the product with its type, and no other', async () => {
    const rows = page.matchAll(/^\| `(?<name>pulsewatch_\w+)` *\| (?<type>\w+) *\|/gm);
    const documented = Array.from(rows, ({ groups }) => `${groups?.name} ${groups?.type}`);
    const scraped = (await new Metrics().scrape()).matchAll(/^# TYPE (?<metric>pulsewatch_.*)$/gm);
    expect(documented.sort()).toEqual(Array.from(scraped, ({ groups }) => String(groups?.metric)).sort());
  });
});
