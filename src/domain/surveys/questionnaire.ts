import type { RateName } from './scores.js';

/** The formula of a rate: the mean of its terms, mapped from the answer scale to 0–100. */
export interface RateFormula {
  /** Names of dimensions or numbers of questions. The rate exists only if all of them have values. */
  readonly terms: readonly (string | number)[];
  /** `inverse`: a high answer lowers the rate (stress, attrition). */
  readonly direction: 'direct' | 'inverse';
}

/** A questionnaire: its answer scale, its questions and its scores. */
export interface Instrument {
  readonly name: string;
  readonly scale: { readonly min: number; readonly max: number };
  /** A file without a column for each of these is refused. */
  readonly requiredQuestions: readonly number[];
  readonly dimensions: readonly { readonly name: string; readonly questions: readonly number[] }[];
  readonly rates: Readonly<Record<RateName, RateFormula>>;
}

/** The questionnaire of contract section 4. */
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

/** Every question that a dimension or a rate of the instrument uses, ascending. */
export function scoredQuestions(instrument: Instrument): number[] {
  const used = new Set(instrument.dimensions.flatMap((dimension) => dimension.questions));
  for (const rate of Object.values(instrument.rates)) {
    for (const term of rate.terms) if (typeof term === 'number') used.add(term);
  }
  return [...used].sort((a, b) => a - b);
}
