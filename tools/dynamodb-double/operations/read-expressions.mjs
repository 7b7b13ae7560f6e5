import { validation } from '../errors.mjs';
import { conditionOf, pathsOf } from '../expressions/conditions.mjs';
import { holds } from '../expressions/evaluate.mjs';
import { Placeholders } from '../expressions/placeholders.mjs';
import { projected, projectionOf } from '../expressions/projection.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('../expressions/conditions.mjs').Condition} Condition
 * @typedef {import('../tables/key-schema.mjs').KeySchema} KeySchema
 */

/**
 * The expressions of a read: which items, and what of them.
 * @param {any} input
 * @param {KeySchema} schema
 */
export function readExpressionsOf(input, schema) {
  const { KeyConditionExpression: keys, FilterExpression: filter, ProjectionExpression: projection } = input;
  const placeholders = new Placeholders(
    input,
    [keys, filter, projection].some((one) => one !== undefined),
  );
  const condition = (/** @type {string | undefined} */ text, /** @type {string} */ kind) =>
    text === undefined ? undefined : conditionOf(text, kind, placeholders);
  const keyCondition = condition(keys, 'KeyConditionExpression');
  const wanted = condition(filter, 'FilterExpression');
  const paths = projection === undefined ? undefined : projectionOf(projection, placeholders);
  placeholders.checkAllUsed();
  if (keyCondition && wanted) checkFilter(wanted, schema);
  return {
    keyCondition,
    /** @param {Item} item */
    matches: (item) => wanted === undefined || holds(wanted, item),
    /** @param {Item} item */
    shown: (item) => (paths === undefined ? item : projected(item, paths)),
  };
}

/**
 * What a query can ask of the key it must ask in its key condition.
 * @param {Condition} filter
 * @param {KeySchema} schema
 */
function checkFilter(filter, schema) {
  for (const [name] of pathsOf(filter))
    if (schema.has(name))
      throw validation(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
}
