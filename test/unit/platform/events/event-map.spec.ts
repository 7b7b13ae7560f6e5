import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const SOURCE = fileURLToPath(new URL('../../../../src', import.meta.url));
/** Events without a listener in this server: promised to other code by the contract. */
const CONTRACT = ['survey-responses.synced', 'sync.completed', 'sync.failed'];

/** An event of the map with its documentation. */
const ENTRY = /\/\*\*(?<comment>(?:(?!\*\/).)*)\*\/\s*'(?<name>[a-z.-]+)':/gs;

const map = readFileSync(join(SOURCE, 'platform/events/event-map.ts'), 'utf8');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(SOURCE, file), 'utf8'));
const events = [...map.matchAll(ENTRY)].map(({ groups }) => ({
  name: groups?.name ?? '',
  comment: (groups?.comment ?? '').replaceAll(/\s*\*\s*/g, ' '),
}));
const named = (comment: string, role: string) =>
  (new RegExp(`${role}: (.+?)\\.(?:\\s|$)`).exec(comment)?.[1] ?? '').split(', ');

/** Whether a class stands in a file that calls `method` with the name of the event. */
const classCalls = (name: string, method: string, event: string) =>
  files.some((text) => text.includes(`class ${name} `) && text.includes(`.${method}('${event}'`));
const calls = (method: string, event: string) =>
  files.filter((text) => text.includes(`.${method}('${event}'`)).length;

describe('the map of domain events', () => {
  it('documents every event', () => {
    const names = [...map.matchAll(/^ {2}'([a-z.-]+)':/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(events.map(({ name }) => name)).toEqual(names);
  });

  it('names the publishers of every event, and all of them', () => {
    for (const { name, comment } of events) {
      const publishers = named(comment, 'Publishers?');
      expect([name, publishers.filter((one) => !classCalls(one, 'publish', name))]).toEqual([name, []]);
      expect([name, publishers]).toHaveProperty('1.length', calls('publish', name));
    }
  });

  it('names the listeners of every event, or the contract', () => {
    for (const { name, comment } of events) {
      if (CONTRACT.includes(name)) {
        expect([name, comment]).toEqual([
          name,
          expect.stringContaining('none in this server; part of the contract'),
        ]);
        expect([name, calls('listen', name)]).toEqual([name, 0]);
        continue;
      }
      const listeners = named(comment, 'Listeners');
      expect([name, listeners.filter((one) => !classCalls(one, 'listen', name))]).toEqual([name, []]);
      expect([name, listeners]).toHaveProperty('1.length', calls('listen', name));
    }
  });

  it('carries no function', () => {
    expect(map).not.toContain('=>');
    expect(map).not.toMatch(/\w\??\([^)]*\)\s*:/);
  });
});
