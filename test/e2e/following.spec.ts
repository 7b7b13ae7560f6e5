import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { Frame } from '../support/clients/ws-client.js';

interface Page {
  items: Frame[];
  next_cursor: string | null;
  position: string | null;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let events: Frame[];

const page = (query: string) => app.json<Page>('GET', `/alerts${query}`);
const ids = (frames: readonly Frame[]) => frames.map(({ id }) => id);

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
  for (const department of ['Sales', 'Legal', 'Ops'])
    await app.upload(
      surveyCsv(Array.from({ length: 4 }, (_, n) => uniform(`${department}${n}`, 1, department))),
    );
  events = (await page('?limit=500')).items.toReversed();
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

describe('following the log by polling', () => {
  it('gives what came after an id, oldest first, and where to go on', async () => {
    expect(events).toHaveLength(15);
    for (const [after, begin] of [
      ['earliest', 0],
      ['0', 0],
      [events[4]?.id, 5],
      [events[14]?.id, 15],
    ] as const) {
      const { items, next_cursor, position } = await page(`?after=${after}`);
      expect(items).toEqual(events.slice(begin));
      expect([next_cursor, position]).toEqual([null, events[14]?.id]);
    }
  });

  it('goes on by position and by cursor alike, also where a filter lets nothing through', async () => {
    for (const filter of ['', '&department=legal', '&type=alert_cleared']) {
      const whole = (await page(`?after=earliest${filter}`)).items;
      for (const next of ['position', 'next_cursor'] as const) {
        const seen: Frame[] = [];
        let query = `?after=earliest&limit=2${filter}`;
        for (;;) {
          const answer = await page(query);
          seen.push(...answer.items);
          if (answer.next_cursor === null) break;
          query =
            next === 'position'
              ? `?after=${answer.position}&limit=2${filter}`
              : `?cursor=${answer.next_cursor}&limit=2${filter}`;
        }
        expect(ids(seen)).toEqual(ids(whole));
      }
    }
    expect((await page('?after=earliest&type=alert_cleared')).position).toBe(events.at(-1)?.id);
  });

  it('begins where a list, or what fires, was read', async () => {
    for (const path of ['/alerts?limit=3', '/alerts/active?limit=3']) {
      const first = await app.json<Page>('GET', path);
      expect(first.position).toBe(events.at(-1)?.id);
      const later = await app.json<Page>('GET', `${path}&cursor=${first.next_cursor}`);
      expect(later.position).toBeNull();
    }
  });

  it.each([
    ['7', 410, 'position_lost', 'never had this id'],
    ['999999999999999', 410, 'position_lost', 'has not reached this id'],
    ['garbage', 400, 'validation_failed', ''],
    ['-1', 400, 'validation_failed', ''],
    ['', 400, 'validation_failed', ''],
    ['9'.repeat(64), 400, 'validation_failed', ''],
    ['9'.repeat(5_000), 400, 'validation_failed', ''],
  ])('refuses to go on after %.20s with %d', async (after, status, code, detail) => {
    const response = await app.request(`/api/v1/alerts?after=${after}`);
    const problem = (await response.json()) as { code: string; detail: string; errors?: { field: string }[] };
    expect([response.status, problem.code]).toEqual([status, code]);
    expect(problem.detail).toContain(detail);
    if (status === 400) expect(problem.errors?.[0]?.field).toBe('after');
  });
});
