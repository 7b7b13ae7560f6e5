import { z } from 'zod';
import { listOf } from './network-formats.js';
import { Secret } from './secret.js';
import { parseBytes, parseDuration } from '../lib/units.js';

/** A text form: how a value is read from it, and the words that end the sentence "X must be …". */
export interface Form<T> {
  readonly words: string;
  readonly schema: z.ZodType<T, string>;
}

/** What is written about a setting by hand. Sentences, for an operator. */
interface About {
  /** What the setting does, and why one would change it. */
  readonly purpose: string;
  /** What happens while it is not set; for settings without a default. */
  readonly unset?: string;
  /** The mistake that is made most, how it shows, and its fix. */
  readonly problem?: string;
}

/** All that is known about a setting: the one source of its validation, of the reference and of `.env.example`. */
export interface SettingDescription extends About {
  readonly form: string;
  /** As it would be written. */
  readonly default?: string;
}

const descriptions = z.registry<SettingDescription>();

/** A setting with a default. */
export function setting<T>(usual: string, { words, schema }: Form<T>, about: About) {
  return schema.prefault(usual).register(descriptions, { ...about, form: words, default: usual });
}

/** A setting that may be absent. */
export function optional<T>({ words, schema }: Form<T>, about: About & { readonly unset: string }) {
  return schema.optional().register(descriptions, { ...about, form: words });
}

/** The description of a setting that {@link setting} or {@link optional} made. */
export function describe(schema: z.ZodType): SettingDescription {
  const description = descriptions.get(schema);
  if (description === undefined) throw new Error('A setting has no description.');
  return description;
}

/** Settings that belong together, in the order in which they are shown. */
export interface SettingGroup {
  readonly title: string;
  readonly settings: Readonly<Record<string, z.ZodType>>;
}

/** A form whose value is what `parse` makes of the text; undefined: the text is refused. */
export function form<T>(words: string, parse: (text: string) => T | undefined): Form<T> {
  const schema = z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: words });
    return z.NEVER;
  });
  return { words, schema };
}

/** A text that `accepts`, as it is. */
export function text(words: string, accepts: (text: string) => boolean): Form<string> {
  return form(words, (given) => (accepts(given) ? given : undefined));
}

export const filled = (words: string): Form<string> => text(words, (given) => given !== '');

export const path = filled('the path of a file');

/** A text that neither a log nor an error shows. */
export function secret(words: string, accepts: (text: string) => boolean): Form<Secret> {
  return form(words, (given) => (accepts(given) ? new Secret(given) : undefined));
}

export function whole(min: number, max: number): Form<number> {
  return form(`a whole number from ${min} to ${max}`, (given) => {
    const isGood = /^\d{1,15}$/.test(given) && Number(given) >= min && Number(given) <= max;
    return isGood ? Number(given) : undefined;
  });
}

export const percentage: Form<number> = form('a number from 0 to 100', (given) =>
  /^\d{1,3}(\.\d+)?$/.test(given) && Number(given) <= 100 ? Number(given) : undefined,
);

/** Milliseconds, between two durations as they are written; without `max` there is no upper bound. */
export function duration(min: string, max?: string): Form<number> {
  return between(parsed(min), max === undefined ? Infinity : parsed(max), boundsOf(min, max));
}

/** What a timer of Node.js can wait at most: after more than that it does not wait at all. */
const LONGEST_PAUSE_MS = 2_147_483_647;

/** Milliseconds that a timer can wait. */
export function pause(min: string): Form<number> {
  return between(parsed(min), LONGEST_PAUSE_MS, `from ${min} to about 24 days`);
}

function between(min: number, max: number, bounds: string): Form<number> {
  return form(`a duration ${bounds}, like 500ms, 60s, 5m, 2h or 90d`, (given) => {
    const milliseconds = parseDuration(given);
    return milliseconds !== undefined && milliseconds >= min && milliseconds <= max
      ? milliseconds
      : undefined;
  });
}

function boundsOf(min: string, max?: string): string {
  return max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
}

function parsed(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new Error(`${text} is not a duration.`);
  return milliseconds;
}

export const bytes: Form<number> = form('a size like 268435456, 512K, 256M or 1G', (given) => {
  const size = parseBytes(given) ?? 0;
  return size > 0 ? size : undefined;
});

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]): Form<Word> {
  const listed = words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`;
  return form(listed, (given) => words.find((word) => word === given));
}

export const flag: Form<boolean> = form('true or false', (given) =>
  given === 'true' || given === 'false' ? given === 'true' : undefined,
);

export const onOff: Form<boolean> = form('on or off', (given) =>
  given === 'on' || given === 'off' ? given === 'on' : undefined,
);

/** The items of a list that is separated by commas; it may be empty. */
export function list(words: string, accepts: (item: string) => boolean): Form<readonly string[]> {
  return form(`a list, separated by commas, of ${words}`, (given) => {
    const items = listOf(given);
    return items.every(accepts) ? items : undefined;
  });
}
