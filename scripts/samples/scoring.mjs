// Section 4 of the contract once more, apart from the server's code, so that each can be checked against the other.

const STRESS_THRESHOLD = 40;

/** Tenths of the quotient of whole numbers, ties to even. */
function tenths(numerator, denominator) {
  const scaled = numerator * 10;
  const floor = Math.floor(scaled / denominator);
  const rest = scaled - floor * denominator;
  const up = 2 * rest > denominator || (2 * rest === denominator && floor % 2 === 1);
  return up ? floor + 1 : floor;
}

/** The mean of the answers given; undefined without any. */
function mean(answers, questions) {
  const given = questions.map((question) => answers[question - 1]).filter((answer) => answer !== undefined);
  if (given.length === 0) return undefined;
  // Two questions at most: halves are exact.
  return given.reduce((sum, answer) => sum + answer, 0) / given.length;
}

/** The rates of one response, in tenths of a percent; undefined where a term is missing. */
export function ratesOf(answers) {
  const engagement = mean(answers, [1, 9]);
  const enablement = mean(answers, [3, 11]);
  const culture = mean(answers, [7, 15]);
  const [recommend, growth] = [answers[0], answers[11]];
  return {
    stress:
      enablement === undefined || culture === undefined
        ? undefined
        : tenths((10 - enablement - culture) * 100, 8),
    engagement: engagement === undefined ? undefined : tenths((engagement - 1) * 100, 4),
    attrition:
      recommend === undefined || growth === undefined
        ? undefined
        : tenths((10 - recommend - growth) * 100, 8),
  };
}

/** Whether a response raises `employee_stress`. */
export const isStressed = ({ stress }) => stress !== undefined && stress > STRESS_THRESHOLD * 10;

/** The mean of what is there, in percent, 2 decimals. */
function meanRate(people, name) {
  const values = people.map((rates) => rates[name]).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  return tenths(sum, values.length) / 100;
}

/** The roll-up of a department and its `overall_risk`. */
export function rollUp(people) {
  const engagement = meanRate(people, 'engagement');
  const stress = meanRate(people, 'stress');
  const attrition = meanRate(people, 'attrition');
  const isWorse = (engagementBelow, othersAbove) =>
    engagement < engagementBelow || stress > othersAbove || attrition > othersAbove;
  const risk = isWorse(55, 50) ? 'critical' : isWorse(65, 35) ? 'warning' : 'healthy';
  return { engagement, stress, attrition, risk };
}
