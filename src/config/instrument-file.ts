import { z } from 'zod';
import type { Instrument } from '../domain/surveys/questionnaire.js';
import { noSuchSetting, readFileContent } from './file-schema.js';

/** Every answer of the scale is kept in memory; no questionnaire comes near this many. */
const MAX_SCALE_STEPS = 1_000;

const QUESTIONS = 'must list question numbers (1–999)';
const isQuestion = (value: number): boolean => value >= 1 && value <= 999;
const question = z
  .int({ error: 'must be a question number (1–999)' })
  .refine(isQuestion, { error: 'must be a question number (1–999)' });
const questions = z.array(question, { error: QUESTIONS }).min(1, { error: QUESTIONS });

const bound = z.int({ error: 'must be a whole number' });

const scale = z
  .object({ min: bound, max: bound }, { error: 'needs whole numbers min and max' })
  .refine(({ min, max }) => min < max, { path: ['min'], error: 'must be below scale.max' })
  .refine(({ min, max }) => max - min <= MAX_SCALE_STEPS, {
    error: `may have ${MAX_SCALE_STEPS} steps at most`,
  });

const DIMENSION_NAME = 'must be a name of letters, digits and _, 60 at most: each dimension needs one';

const dimension = z.object(
  {
    name: z.string({ error: DIMENSION_NAME }).regex(/^\w{1,60}$/, { error: DIMENSION_NAME }),
    questions,
  },
  { error: 'must be an object with a name and questions' },
);

/** A rate whose terms are questions, or some of the dimensions. */
function rate(name: string, dimensions: ReadonlySet<string>) {
  const words = `must be the name of a dimension or a question number, as a term of rate ${name}`;
  const list = `must be a list, and not empty: rate ${name} is the mean of its terms`;
  const isName = (text: string): boolean => dimensions.has(text);
  const term = z.union(
    // Both say what the union says: where one of them all but fits, its words are taken.
    [z.int().refine(isQuestion, { error: words }), z.string().refine(isName, { error: words })],
    { error: words },
  );
  return z.object(
    {
      terms: z.array(term, { error: list }).min(1, { error: list }),
      direction: z.enum(['direct', 'inverse'], { error: 'must be "direct" or "inverse"' }),
    },
    { error: `must be an object: rate ${name} needs terms and a direction` },
  );
}

function instrumentFile(dimensionNames: readonly string[]) {
  const known = new Set(dimensionNames);
  return z.object(
    {
      name: z.string({ error: 'must be a text' }).default('custom'),
      scale,
      required_questions: questions,
      dimensions: z
        .array(dimension, { error: 'must be a list, and not empty' })
        .min(1, { error: 'must be a list, and not empty' })
        .refine(() => known.size === dimensionNames.length, {
          error: 'must not hold two of the same name',
          when: () => true,
        }),
      rates: z.object(
        {
          stress_rate: rate('stress_rate', known),
          engagement_rate: rate('engagement_rate', known),
          attrition_rate: rate('attrition_rate', known),
        },
        { error: 'must be an object' },
      ),
    },
    { error: 'must be a JSON object' },
  );
}

/** The names that the items of a list have, good or bad. */
const names = z
  .object({ dimensions: z.array(z.object({ name: z.string() }).catch({ name: '' })).catch([]) })
  .catch({ dimensions: [] })
  .transform(({ dimensions }) => dimensions.map(({ name }) => name).filter((name) => name !== ''));

/**
 * Reads an instrument from parsed JSON of the shape of {@link Instrument}, in snake_case (`required_questions`).
 * Throws FileError with everything that is wrong.
 */
export function parseInstrument(json: unknown): Instrument {
  const { required_questions: requiredQuestions, ...rest } = readFileContent(
    instrumentFile(names.parse(json)),
    json,
    { file: 'the instrument', top: String, unknown: noSuchSetting },
  );
  return { ...rest, requiredQuestions };
}
