import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REQUIREMENT } from '../../../../src/platform/auth/requires.decorator.js';

const SOURCE = fileURLToPath(new URL('../../../../src', import.meta.url));
const controllers = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.controller.ts'),
);

/** Names of the controllers, or handlers, in a file that say nothing of what they require. */
async function silentHandlersOf(file: string): Promise<string[]> {
  const exported = (await import(pathToFileURL(join(SOURCE, file)).href)) as Record<string, unknown>;
  return Object.entries(exported).flatMap(([name, value]) => {
    if (typeof value !== 'function' || !Reflect.hasMetadata('path', value)) return [];
    if (Reflect.hasMetadata(REQUIREMENT, value)) return [];
    const prototype: object = value.prototype as object;
    return Object.getOwnPropertyNames(prototype)
      .map((handler) => ({
        handler,
        method: Object.getOwnPropertyDescriptor(prototype, handler)?.value as unknown,
      }))
      .filter(({ method }) => typeof method === 'function' && Reflect.hasMetadata('path', method))
      .filter(({ method }) => typeof method === 'function' && !Reflect.hasMetadata(REQUIREMENT, method))
      .map(({ handler }) => `${name}.${handler}`);
  });
}

describe('what handlers require', () => {
  const silent = new Map<string, string[]>();

  beforeAll(async () => {
    for (const file of controllers) silent.set(file, await silentHandlersOf(file));
  });

  it.each(controllers)('is said by every handler of %s', (file) => {
    expect(silent.get(file)).toEqual([]);
  });
});
