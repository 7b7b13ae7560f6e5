import { RATE_NAMES, type RateName } from './scores.js';

/** A rate as a mean of terms on the answer scale, stretched to 0–100. */
export interface RateFormula {
  /** Dimension names or question numbers; every one must be present for the rate to exist. */
  readonly terms: readonly (string | number)[];
  /** `inverse`: a high answer lowers the rate (stress, attrition). */
  readonly direction: 'direct' | 'inverse';
}

/** A questionnaire: which answers it takes and how they become scores. */
export interface Instrument {
  readonly name: string;
  readonly scale: { readonly min: number; readonly max: number };
  /** A file without a column for each of these is refused. */
  readonly requiredQuestions: readonly number[];
  readonly dimensions: readonly { readonly name: string; readonly questions: readonly number[] }[];
  readonly rates: Readonly<Record<RateName, RateFormula>>;
}

/** The questionnaire of the product's contract, section 4. */
export const DEFAULT_INSTRUMENT: Instrument = {
  name: 'default',
  scale: { min: 1, max: 5 },
  requiredQuestions: [1, 3, 7, 9, 11, 12, 15],
  dimensions: [
    { name: 'Employee_Engagement', questions: [1, 9] },
    { name: 'Leadership', questions: [2, 10] },
    { name: 'Enablement', questions: [3, 11] },
    { name: 'Development', questions: [4, 12] },
    { name: 'Delight_Customer', questions: [5, 13] },
    { name: 'Company_Confidence', questions: [6, 14] },
    { name: 'Culture_Values', questions: [7, 15] },
    { name: 'ESG', questions: [8] },
  ],
  rates: {
    stress_rate: { terms: ['Enablement', 'Culture_Values'], direction: 'inverse' },
    engagement_rate: { terms: ['Employee_Engagement'], direction: 'direct' },
    attrition_rate: { terms: [1, 12], direction: 'inverse' },
  },
};

/** Every answer of the scale is kept in memory; no questionnaire comes near this many. */
const MAX_SCALE_STEPS = 1_000;

/** Every question that a dimension or a rate of the instrument uses, ascending. */
export function scoredQuestions(instrument: Instrument): number[] {
  const used = new Set(instrument.dimensions.flatMap((dimension) => dimension.questions));
  for (const rate of Object.values(instrument.rates)) {
    for (const term of rate.terms) if (typeof term === 'number') used.add(term);
  }
  return [...used].sort((a, b) => a - b);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isQuestion = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 999;
const isQuestionList = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isQuestion);

/**
 * Reads an instrument from parsed JSON of the shape of {@link Instrument}, in snake_case (`required_questions`).
 * Throws an Error whose message names the first thing that is wrong.
 */
export function parseInstrument(json: unknown): Instrument {
  if (!isRecord(json)) throw new Error('the instrument must be a JSON object');
  const { name = 'custom', scale, required_questions: required, dimensions, rates } = json;
  if (typeof name !== 'string') throw new Error('name must be a text');
  if (!isRecord(scale) || !Number.isInteger(scale.min) || !Number.isInteger(scale.max)) {
    throw new Error('scale needs whole numbers min and max');
  }
  const [min, max] = [Number(scale.min), Number(scale.max)];
  if (min >= max) throw new Error('scale.min must be below scale.max');
  if (max - min > MAX_SCALE_STEPS) throw new Error(`the scale may have ${MAX_SCALE_STEPS} steps at most`);
  if (!isQuestionList(required)) throw new Error('required_questions must list question numbers (1–999)');
  if (!Array.isArray(dimensions) || dimensions.length === 0) throw new Error('dimensions must be a list');
  const parsedDimensions = dimensions.map(parseDimension);
  const names = new Set(parsedDimensions.map((dimension) => dimension.name));
  if (names.size !== parsedDimensions.length) throw new Error('two dimensions have the same name');
  if (!isRecord(rates)) throw new Error('rates must be an object');
  const parsedRates = Object.fromEntries(
    RATE_NAMES.map((rate) => [rate, parseRate(rate, rates[rate], names)]),
  ) as Record<RateName, RateFormula>;
  return {
    name,
    scale: { min, max },
    requiredQuestions: required,
    dimensions: parsedDimensions,
    rates: parsedRates,
  };
}

function parseDimension(value: unknown): { name: string; questions: number[] } {
  if (!isRecord(value) || typeof value.name !== 'string' || !/^\w{1,60}$/.test(value.name)) {
    throw new Error('each dimension needs a name of letters, digits and _');
  }
  if (!isQuestionList(value.questions)) {
    throw new Error(`dimension ${value.name} needs a list of question numbers (1–999)`);
  }
  return { name: value.name, questions: value.questions };
}

function parseRate(name: RateName, value: unknown, dimensions: ReadonlySet<string>): RateFormula {
  const isTerm = (term: unknown): term is string | number =>
    isQuestion(term) || (typeof term === 'string' && dimensions.has(term));
  if (!isRecord(value) || (value.direction !== 'direct' && value.direction !== 'inverse')) {
    throw new Error(`rate ${name} needs a direction, "direct" or "inverse"`);
  }
  const terms: unknown = value.terms;
  if (!Array.isArray(terms) || terms.length === 0 || !terms.every(isTerm)) {
    throw new Error(`rate ${name} needs terms: names of dimensions or question numbers`);
  }
  return { terms, direction: value.direction };
}
