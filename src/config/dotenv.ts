import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The settings in a `.env` file, or none when there is no such file. */
export function readDotenv(path: string): Record<string, string | undefined> {
  return existsSync(path) ? { ...parseEnv(readFileSync(path, 'utf8')) } : {};
}
