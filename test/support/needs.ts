import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** A second address of this machine beside 127.0.0.1. Linux has all of 127.0.0.0/8; macOS has not. */
export const SECOND_ADDRESS = '127.0.0.9';

/** What a spec needs that not every machine has. */
export type Need = 'redis-server' | 'nginx' | typeof SECOND_ADDRESS;

/** Debian keeps nginx where only administrators look. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];

function hasCommand(command: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasAddress(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

const hasSecondAddress = await hasAddress(SECOND_ADDRESS);
const has = (need: Need): boolean => (need === SECOND_ADDRESS ? hasSecondAddress : hasCommand(need));

/**
 * `describe` and `it` for what needs something: they skip, with one line on the standard error, where it is missing. On a CI
 * server (`CI` is set) that is an error, so that no check is lost unnoticed.
 */
export function needing(
  ...needs: readonly Need[]
): Pick<{ describe: typeof describe; it: typeof it }, 'describe' | 'it'> {
  const missing = needs.filter((need) => !has(need));
  if (missing.length === 0) return { describe, it };
  const spec = expect.getState().testPath?.replace(/^.*[\\/](?=test[\\/])/, '') ?? 'a spec';
  if (process.env.CI) throw new Error(`${spec} needs ${missing.join(' and ')}, which this machine lacks`);
  process.stderr.write(`pulsewatch: skipped in ${spec}: it needs ${missing.join(' and ')}\n`);
  return { describe: describe.skip as typeof describe, it: it.skip as typeof it };
}
