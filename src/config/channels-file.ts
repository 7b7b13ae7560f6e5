import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { ChannelsConfig, Detail } from './channels-config.js';
import { FileError, listField, mapping, noSuchSetting, readFileContent } from './file-schema.js';
import { isReceiverName, receiverSchema, type ReceiverKinds } from './receivers.js';
import { routeSchema } from './routes.js';

export interface ChannelsFile {
  readonly text: string;
  /** What stands for `${NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** For receivers that say nothing of it. */
  readonly detail: Detail;
  /** The kinds that receivers may have; at least one. */
  readonly kinds: ReceiverKinds;
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

function read(
  { text, variables, detail, kinds }: ChannelsFile,
  problems: string[],
): ChannelsConfig | undefined {
  let parsed: unknown;
  try {
    // A warning would show a line of the file.
    parsed = parse(text, { logLevel: 'error' });
  } catch (error) {
    problems.push(`the file is neither YAML nor JSON${placeOf(error)}`);
    return undefined;
  }
  const content = filled(parsed, '', variables, problems);
  const names = receiverNames.parse(content);
  try {
    return readFileContent(channelsSchema(detail, kinds, names), content, {
      file: 'the file',
      top: (name) => `the file.${name}`,
      unknown: noSuchSetting,
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problems.push(...error.problems);
    return undefined;
  } finally {
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) < index)))
      problems.push(`two receivers are called ${name}`);
  }
}

/** The whole file. A route may send to `names` only. */
export function channelsSchema(detail: Detail, kinds: ReceiverKinds, names: readonly string[]) {
  return mapping({
    receivers: listField(receiverSchema(detail, kinds)),
    routes: listField(routeSchema(names)),
  });
}

/** The names that receivers have, whatever else is wrong with them. */
const receiverNames = z
  .object({ receivers: z.array(z.object({ name: z.string() }).catch({ name: '' })).catch([]) })
  .catch({ receivers: [] })
  .transform(({ receivers }) => receivers.map(({ name }) => name).filter(isReceiverName));

/** Puts in what variables hold, wherever a text says `${NAME}`. A field of a mapping that is empty is not there. */
function filled(
  value: unknown,
  place: string,
  variables: ChannelsFile['variables'],
  problems: string[],
  above: readonly unknown[] = [],
): unknown {
  if (above.includes(value)) {
    problems.push(`${place} must not contain itself`);
    return undefined;
  }
  if (typeof value === 'string')
    return value.replace(/\$\{(\w{1,100})\}/g, (_, name: string) => {
      const content = variables[name] ?? '';
      if (content === '') problems.push(`${place} needs the variable ${name}, which is not set`);
      return content;
    });
  if (typeof value !== 'object' || value === null) return value;
  const path = [...above, value];
  if (Array.isArray(value))
    return value.map((item: unknown, index) => filled(item, `${place}[${index}]`, variables, problems, path));
  const below = (name: string) => (place === '' ? name : `${place}.${name}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      name,
      item === null ? undefined : filled(item, below(name), variables, problems, path),
    ]),
  );
}

function placeOf(error: unknown): string {
  const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  return position ? ` (line ${position.line}, column ${position.col})` : '';
}
