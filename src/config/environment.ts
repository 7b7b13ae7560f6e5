import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ALERTS, CHANNELS, PRIVACY, RULES, UPLOADS, WEB_SOCKET } from './product-settings.js';
import { CALLERS, LIMITS, PAGES } from './security-settings.js';
import { INSTANCES, SERVER, STORAGE } from './server-settings.js';
import type { SettingGroup } from './setting.js';

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Every setting, in the order of the reference and of `.env.example`. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  { title: 'Server', settings: SERVER },
  { title: 'Storage', settings: STORAGE },
  { title: 'Several instances', settings: INSTANCES },
  { title: 'Rules', settings: RULES },
  { title: 'Alerts', settings: ALERTS },
  { title: 'Privacy', settings: PRIVACY },
  { title: 'Uploads', settings: UPLOADS },
  { title: 'WebSocket', settings: WEB_SOCKET },
  { title: 'Channels', settings: CHANNELS },
  { title: 'Callers', settings: CALLERS },
  { title: 'Limits of a caller', settings: LIMITS },
  { title: 'TLS and pages', settings: PAGES },
];

const ENVIRONMENT = z.object({
  ...SERVER,
  ...STORAGE,
  ...INSTANCES,
  ...RULES,
  ...ALERTS,
  ...PRIVACY,
  ...UPLOADS,
  ...WEB_SOCKET,
  ...CHANNELS,
  ...CALLERS,
  ...LIMITS,
  ...PAGES,
});

/** A parser that is compiled takes longer to make than to use once. */
const ONCE = { jitless: true };

/** The settings as values: milliseconds, bytes, numbers, lists. */
export type Settings = z.infer<typeof ENVIRONMENT>;
export type SettingName = keyof Settings;

/** The names of all variables that are read, in the order of `.env.example`. */
export const ENVIRONMENT_NAMES: readonly string[] = SETTING_GROUPS.flatMap(({ settings }) =>
  Object.keys(settings),
);

/** What was read from the variables. A setting that is refused has its default here, or none. */
export interface Environment {
  readonly settings: Settings;
  /** Whether a variable is set, be it well or badly. */
  readonly isSet: (name: SettingName) => boolean;
  readonly isRefused: (name: SettingName) => boolean;
}

/**
 * Reads every variable once. One that is absent or empty takes its default. What is wrong is added to `problems` by
 * name, never by value: it may be a secret.
 */
export function readEnvironment(variables: Variables, problems: string[]): Environment {
  const given = new Map<string, string>();
  for (const name of ENVIRONMENT_NAMES) {
    const value = variables[name];
    if (value !== undefined && value !== '') given.set(name, value.trim());
  }
  const result = ENVIRONMENT.safeParse(Object.fromEntries(given), ONCE);
  const issues = result.error?.issues ?? [];
  problems.push(...issues.map(({ path, message }) => `${String(path[0])} must be ${message}`));
  const refused = new Set(issues.map(({ path }) => String(path[0])));
  const good = [...given].filter(([name]) => !refused.has(name));
  return {
    settings: result.data ?? ENVIRONMENT.parse(Object.fromEntries(good), ONCE),
    isSet: (name) => given.has(name),
    isRefused: (name) => refused.has(name),
  };
}

/** The settings in a `.env` file, or none when there is no such file. */
export function readDotenv(path: string): Variables {
  return existsSync(path) ? { ...parseEnv(readFileSync(path, 'utf8')) } : {};
}
