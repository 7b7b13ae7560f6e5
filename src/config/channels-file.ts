import { parse, YAMLParseError } from 'yaml';
import { ALERT_TYPES, SEVERITIES } from '../domain/alerts/alert.js';
import { parseTimeOfDay, type QuietHours } from '../domain/notifications/quiet-hours.js';
import type { Route } from '../domain/notifications/routing.js';
import type { ChannelsConfig, Detail } from './channels-config.js';
import { FileFields } from './file-reader.js';
import { receiverOf } from './receivers.js';

const MINUTE_MS = 60_000;

export interface ChannelsFile {
  readonly text: string;
  /** What stands for `${NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** For receivers that say nothing of it. */
  readonly detail: Detail;
}

/**
 * Reads the channels file, YAML or JSON. Everything that is wrong is added to `problems`, by its place and never by its
 * value, which may be a secret; undefined then.
 */
export function parseChannels(file: ChannelsFile, problems: string[]): ChannelsConfig | undefined {
  const found: string[] = [];
  const channels = read(file, found);
  problems.push(...found.map((problem) => `CHANNELS_FILE: ${problem}`));
  return found.length === 0 ? channels : undefined;
}

function read({ text, variables, detail }: ChannelsFile, problems: string[]): ChannelsConfig | undefined {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    problems.push(`the file is neither YAML nor JSON${placeOf(error)}`);
    return undefined;
  }
  const fields = FileFields.of(filled(content, '', variables, problems), 'the file', problems);
  const receivers = listOf(fields, 'receivers', problems).flatMap((item) => receiverOf(item, detail) ?? []);
  const names = receivers.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) < index)))
    problems.push(`two receivers are called ${name}`);
  const routes = listOf(fields, 'routes', problems).map((item) => routeOf(item, names));
  fields.end();
  return { receivers, routes };
}

function routeOf(fields: FileFields, receivers: readonly string[]): Route {
  const to = fields.texts('to') ?? [];
  if (to.length === 0 || !to.every((name) => receivers.includes(name)))
    fields.complain('to', 'a list of names of receivers of this file');
  const match = fields.below('match');
  const [types, departments, severities] = [
    match?.words('types', ALERT_TYPES),
    match?.texts('departments'),
    match?.words('severities', SEVERITIES),
  ];
  match?.end();
  const groupWindowMs = fields.duration('group_window', undefined);
  const quiet = quietOf(fields.below('quiet'));
  const route = {
    match: {
      ...(types ? { types } : {}),
      ...(departments ? { departments } : {}),
      ...(severities ? { severities } : {}),
    },
    to,
    ...(groupWindowMs === undefined ? {} : { groupWindowMs }),
    repeatMs: fields.duration('repeat', 0, 0),
    ...(quiet ? { quiet } : {}),
    continue: fields.flag('continue'),
  };
  if (route.repeatMs > 0 && route.repeatMs < MINUTE_MS) fields.complain('repeat', '0s, or 1m at least');
  fields.end();
  return route;
}

function quietOf(fields: FileFields | undefined): QuietHours | undefined {
  if (fields === undefined) return undefined;
  const time = (name: string): number => {
    const text = fields.text(
      name,
      'a time of day like "22:00"',
      (value) => parseTimeOfDay(value) !== undefined,
    );
    return parseTimeOfDay(text) ?? 0;
  };
  const quiet = { from: time('from'), to: time('to') };
  fields.end();
  if (quiet.from === quiet.to) fields.complain('to', 'another time than "from"');
  return quiet;
}

function listOf(fields: FileFields, name: string, problems: string[]): FileFields[] {
  const list = fields.list(name);
  return list.map((item, index) => FileFields.of(item, `${name}[${index}]`, problems));
}

/** Puts in what variables hold, wherever a text says `${NAME}`. */
function filled(
  value: unknown,
  place: string,
  variables: ChannelsFile['variables'],
  problems: string[],
): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w{1,100})\}/g, (_, name: string) => {
      const content = variables[name] ?? '';
      if (content === '') problems.push(`${place} needs the variable ${name}, which is not set`);
      return content;
    });
  if (Array.isArray(value))
    return value.map((item: unknown, index) => filled(item, `${place}[${index}]`, variables, problems));
  if (typeof value !== 'object' || value === null) return value;
  const below = (name: string) => (place === '' ? name : `${place}.${name}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      name,
      filled(item, below(name), variables, problems),
    ]),
  );
}

function placeOf(error: unknown): string {
  const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  return position ? ` (line ${position.line}, column ${position.col})` : '';
}
