import { conditionFailed } from '../errors.mjs';
import { conditionOf } from '../expressions/conditions.mjs';
import { holds } from '../expressions/evaluate.mjs';
import { Placeholders } from '../expressions/placeholders.mjs';
import { updateOf } from '../expressions/updates.mjs';

/**
 * The expressions of a write: what must be so, and what an update does.
 * @param {any} input
 */
export function expressionsOf(input) {
  const { ConditionExpression: condition, UpdateExpression: update } = input;
  const placeholders = new Placeholders(input, condition !== undefined || update !== undefined);
  const actions = update === undefined ? [] : updateOf(update, placeholders);
  const wanted =
    condition === undefined ? undefined : conditionOf(condition, 'ConditionExpression', placeholders);
  placeholders.checkAllUsed();
  return {
    actions,
    /**
     * Throws where the item is not as it must be.
     * @param {import('../tables/table.mjs').Entry | undefined} before
     */
    check(before) {
      if (wanted === undefined || holds(wanted, before?.item ?? {})) return;
      throw conditionFailed(
        input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before?.item : undefined,
      );
    },
  };
}
