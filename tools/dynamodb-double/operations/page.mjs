import { validation } from '../errors.mjs';
import { comparePlaces } from '../tables/places.mjs';
import { Past } from '../tables/past.mjs';
import { isAfter, isBefore } from '../tables/table.mjs';
import { consumed, readUnits } from './capacity.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('../tables/managed-table.mjs').ManagedTable} ManagedTable
 * @typedef {import('../tables/table.mjs').Range} Range
 * @typedef {import('../tables/table.mjs').Entry} Entry
 */

const MOST_BYTES = 1_048_576;
/** Without a limit a page ends by its bytes: more items than fit into one. */
const NO_LIMIT = 1_000_000;

/**
 * One page of a query or a scan.
 * @param {any} input
 * @param {ManagedTable} table
 * @param {Range} whole
 * @param {{ matches: (item: Item) => boolean, shown: (item: Item) => Item }} expressions
 */
export function pageOf(input, table, whole, { matches, shown }) {
  const { ExclusiveStartKey: start, ConsistentRead, ScanIndexForward: isForward = true } = input;
  const { hostility, schema, data } = table;
  const range = start === undefined ? whole : rangeAfter(start, table, whole, isForward);
  const view = new Past(data, ConsistentRead === true ? 0 : hostility.writesBehind());
  const limit = hostility.pageSize(input.Limit ?? NO_LIMIT);
  const found = [];
  /** @type {Item | undefined} */
  let last;
  let [scanned, bytes, isMore] = [0, 0, false];
  // A page that looked at nothing ends at a key that is no item's: before its first one.
  if (limit === 0) last = start ?? goneKey(table, range, isForward);
  if (last !== undefined) isMore = true;
  else
    for (const { item, size } of view.walk(range, isForward)) {
      if (scanned > 0 && bytes + size > MOST_BYTES) {
        isMore = true;
        break;
      }
      scanned += 1;
      bytes += size;
      last = schema.keyOf(item);
      if (matches(item)) found.push(item);
      // Whether there is an item after it nobody has looked.
      if (scanned === Math.max(1, limit)) {
        isMore = true;
        break;
      }
    }
  return {
    Count: found.length,
    ScannedCount: scanned,
    ...(input.Select === 'COUNT' ? {} : { Items: found.map(shown) }),
    ...(isMore ? { LastEvaluatedKey: last } : {}),
    ...consumed(input, table.name, readUnits(bytes, ConsistentRead)),
  };
}

/**
 * What is left of a range after the key where a page ended; there need not be an item with it.
 * @param {unknown} start
 * @param {ManagedTable} table
 * @param {Range} whole
 * @param {boolean} isForward
 * @returns {Range}
 */
function rangeAfter(start, { schema }, whole, isForward) {
  const { place } = schema.readKey(start);
  if (isBefore(place, { ...whole, isFromIn: true }) || isAfter(place, { ...whole, isToIn: true }))
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  return isForward ? { ...whole, from: place, isFromIn: false } : { ...whole, to: place, isToIn: false };
}

/**
 * The key of an item that was removed lately from before the first of a range: where a page without items may end.
 * @param {ManagedTable} table
 * @param {Range} range
 * @param {boolean} isForward
 * @returns {Item | undefined}
 */
function goneKey({ data, schema }, range, isForward) {
  const first = data.walk(range, isForward).next().value;
  for (const { place, before } of data.writes) {
    if (before === undefined || data.get(place) || isBefore(place, range) || isAfter(place, range)) continue;
    if (!first || (isForward ? comparePlaces(place, first) < 0 : comparePlaces(place, first) > 0))
      return schema.keyOf(before.item);
  }
  return undefined;
}
