import { readFile } from 'node:fs/promises';
import { describe as suite, expect, it } from '@jest/globals';
import { SETTING_GROUPS } from '../../../src/config/environment.js';
import { channelsPage, configurationPage, exampleEnvironment } from '../../../src/config/reference.js';
import { describe } from '../../../src/config/setting.js';
import { CHANNEL_KINDS } from '../../../src/delivery/channels/registry.js';

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

suite('the reference', () => {
  // If this fails: npm run docs:configuration
  it.each([
    ['.env.example', exampleEnvironment],
    ['docs/reference/configuration.md', configurationPage],
    ['docs/reference/channels-file.md', () => channelsPage(CHANNEL_KINDS)],
  ])('%s is what the schema says', async (path, generate) => {
    expect(await read(path)).toBe(generate());
  });

  it.each(
    SETTING_GROUPS.flatMap(({ settings }) =>
      Object.entries(settings).map(([name, schema]) => [name, describe(schema)] as const),
    ),
  )('%s is described in sentences', (_, { purpose, form, default: usual, unset, problem }) => {
    expect(purpose).toMatch(/^[A-Z`"].*\.$/s);
    if (problem !== undefined) expect(problem).toMatch(/^[A-Z`"].*\.$/s);
    expect(form).toMatch(/[^.]$/);
    expect(usual === undefined).toBe(unset !== undefined);
  });
});
