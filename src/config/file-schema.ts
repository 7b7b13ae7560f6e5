import { z } from 'zod';
import { Secret } from './secret.js';
import { parseDuration } from '../lib/units.js';

/** What the reference says about one field of a file. */
export interface FieldDescription {
  readonly purpose: string;
  /** As it would be written, or what happens without it. Absent: the field is required. */
  readonly unset?: string;
}

const descriptions = z.registry<FieldDescription>();
const forms = z.registry<{ readonly words: string }>();

/** Gives a field its description. */
export function field<Schema extends z.ZodType>(schema: Schema, purpose: string, unset?: string): Schema {
  descriptions.add(schema, { purpose, ...(unset === undefined ? {} : { unset }) });
  return schema;
}

/** The description that {@link field} gave, and what the field must be: the end of "X must be …". */
export function describeField(schema: z.ZodType): FieldDescription & { readonly form: string } {
  const description = descriptions.get(schema);
  const form = formOf(schema);
  if (description === undefined || form === undefined) throw new Error('A field has no description.');
  return { ...description, form };
}

function formOf(schema: unknown): string | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return formOf(schema.unwrap());
  return schema instanceof z.ZodType ? forms.get(schema)?.words : undefined;
}

/** Says what a field must be. */
export function worded<Schema extends z.ZodType>(words: string, schema: Schema): Schema {
  forms.add(schema, { words });
  return schema;
}

/** A file of settings cannot be used. Each problem names a place in the file, never what is there. */
export class FileError extends Error {
  override readonly name = 'FileError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

/** How the problems of a file name it, and a field that it does not know. */
export interface FileWords {
  readonly file: string;
  /** A field of the file itself. */
  readonly top: (name: string) => string;
  readonly unknown: (place: string, key: string) => string;
}

/** Reads a parsed file once. Throws FileError with all of its problems. */
export function readFileContent<T>(schema: z.ZodType<T>, content: unknown, words: FileWords): T {
  // A parser that is compiled takes longer to make than to use once.
  const result = schema.safeParse(content, { jitless: true });
  if (result.success) return result.data;
  throw new FileError(result.error.issues.flatMap((issue) => linesOf(issue, words)));
}

/** A field that a file should not have. Names are cut: what stands in a file may be long. */
export const noSuchSetting = (place: string, key: string): string =>
  `${place} has no setting ${key.slice(0, 40)}`;

function linesOf(issue: z.core.$ZodIssue, words: FileWords): string[] {
  const place = placeOf(issue.path, words);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => words.unknown(place, key));
  return [`${place} ${issue.message}`];
}

function placeOf([first, ...path]: readonly PropertyKey[], { file, top }: FileWords): string {
  if (first === undefined) return file;
  if (path.length === 0) return top(String(first));
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return `${String(first)}${steps.join('')}`;
}

/** A text that is not blank, and that `accepts`. */
export function textField(words = 'a text', accepts: (text: string) => boolean = () => true) {
  const schema = z
    .string({ error: ({ input }) => (input === undefined ? `must be set: ${words}` : `must be ${words}`) })
    .refine((text) => text.trim() !== '' && accepts(text), { error: `must be ${words}` });
  return worded(words, schema);
}

/** A text, as {@link textField}, that neither a log nor an error shows. */
export function secretField(words: string, accepts: (text: string) => boolean) {
  return worded(
    words,
    textField(words, accepts).transform((text) => new Secret(text)),
  );
}

/** One of a few words. */
export function wordField<const Word extends string>(words: readonly Word[]) {
  const listed = `one of ${words.join(', ')}`;
  return worded(listed, z.enum(words, { error: `must be ${listed}` }));
}

const TEXTS = 'a list of texts, and not empty';
// The options of a union say what the union says: where one of them all but fits, its words are taken.
const oneText = z.string().refine((text) => text.trim() !== '', { error: `must be ${TEXTS}` });
const manyTexts = z.array(oneText).min(1, { error: `must be ${TEXTS}` });

/** A list of texts, or one text. `words`: what else it must be, by a refinement. */
export function textsField(words = TEXTS) {
  const schema = z
    .union([oneText, manyTexts], {
      error: ({ input }) => `must be ${input === undefined ? words : TEXTS}`,
    })
    .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value));
  return worded(words, schema);
}

/** A list of a few words, or one. */
export function wordsField<const Word extends string>(words: readonly Word[]) {
  const made = `made of ${words.join(', ')}`;
  const schema = textsField(made).transform((texts, context): readonly Word[] => {
    const found = texts.flatMap((text) => words.find((word) => word === text) ?? []);
    if (found.length === texts.length) return found;
    context.addIssue({ code: 'custom', message: `must be ${made}` });
    return z.NEVER;
  });
  return worded(made, schema);
}

const DURATION = 'a duration like 500ms, 30s, 5m or 2h, within its bounds';

/** Milliseconds, `min` or more; 0 is taken where `min` is 0. */
export function durationField(min = 0) {
  const schema = z
    .union([z.string(), z.literal(0)], { error: `must be ${DURATION}` })
    .transform((value, context): number => {
      const milliseconds = parseDuration(String(value));
      if (milliseconds !== undefined && milliseconds >= min) return milliseconds;
      context.addIssue({ code: 'custom', message: `must be ${DURATION}` });
      return z.NEVER;
    });
  return worded(DURATION, schema);
}

/** True or false; absent: false. */
export function flagField() {
  return worded('true or false', z.boolean({ error: 'must be true or false' })).default(false);
}

/** A mapping of exactly these fields. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape, words = 'a mapping') {
  return worded(
    words,
    z.strictObject(shape, {
      error: ({ code }) => (code === 'unrecognized_keys' ? undefined : `must be ${words}`),
    }),
  );
}

/** A list that is not empty. */
export function listField<Item extends z.ZodType>(item: Item) {
  const words = 'must be a list, and not empty';
  return z.array(item, { error: words }).min(1, { error: words });
}
