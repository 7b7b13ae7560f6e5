import { describe, expect, it } from '@jest/globals';
import { divideHalfEven, meanOfUnits, toUnits } from '../../../../src/domain/surveys/scoring.js';
import { Random } from '../../../support/generators/random.js';

const SEED = 20_261_123;

/** The same by comparing with both neighbours, in big integers. */
function oracle(numerator: number, denominator: number): number {
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  const down = n >= 0n ? n / d : -((-n + d - 1n) / d);
  const twice = 2n * (n - down * d);
  return Number(twice > d || (twice === d && down % 2n !== 0n) ? down + 1n : down);
}

describe('divideHalfEven', () => {
  it(`agrees with big integers, up to the largest safe ones (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const wrong: number[][] = [];
    for (let round = 0; round < 20_000; round += 1) {
      const denominator = random.whole(1, 10 ** random.whole(1, 7));
      const limit = random.pick([100, 10_000, Number.MAX_SAFE_INTEGER]);
      const numerator = random.whole(-limit, limit);
      if (divideHalfEven(numerator, denominator) !== oracle(numerator, denominator))
        wrong.push([numerator, denominator]);
    }
    expect(wrong).toEqual([]);
  });

  it('goes to the even neighbour on every tie', () => {
    const ties = [-7, -5, -3, -1, 1, 3, 5, 7].map((odd) => divideHalfEven(odd, 2) + 0);
    expect(ties).toEqual([-4, -2, -2, 0, 0, 2, 2, 4]);
  });
});

describe('meanOfUnits', () => {
  it.each([
    [[0.005], 0],
    [[0.015], 0.02],
    [[0.01, 0.02], 0.02],
    [[0.02, 0.03], 0.02],
    [[33.3, 33.3, 33.4], 33.33],
    [[100, 100, 100], 100],
  ])('of %j to two decimals is %d', (values, mean) => {
    const sum = values.map(toUnits).reduce((a, b) => a + b);
    expect(meanOfUnits(sum, values.length, 2)).toBe(mean);
  });
});
