import { validation } from '../errors.mjs';
import { HASHES } from '../tables/places.mjs';
import { Past } from '../tables/past.mjs';
import { consumed, readUnits } from './capacity.mjs';
import { rangeOf } from './key-range.mjs';
import { pageOf } from './page.mjs';
import { readExpressionsOf } from './read-expressions.mjs';

/**
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../tables/table.mjs').Range} Range
 */

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function getItem(catalog, input) {
  const { TableName, Key, ConsistentRead } = input;
  const { data, schema, hostility } = catalog.usableTable(TableName);
  const { shown } = readExpressionsOf(input, schema);
  const { place } = schema.readKey(Key);
  const entry = new Past(data, ConsistentRead === true ? 0 : hostility.writesBehind()).get(place);
  return {
    ...(entry ? { Item: shown(entry.item) } : {}),
    ...consumed(input, TableName, readUnits(entry?.size ?? 0, ConsistentRead)),
  };
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function query(catalog, input) {
  const table = catalog.usableTable(input.TableName);
  const { keyCondition, ...expressions } = readExpressionsOf(input, table.schema);
  if (keyCondition === undefined)
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified');
  return pageOf(input, table, rangeOf(keyCondition, table.schema), expressions);
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function scan(catalog, input) {
  const table = catalog.usableTable(input.TableName);
  return pageOf(input, table, segmentOf(input), readExpressionsOf(input, table.schema));
}

/**
 * The part of a table that a segment is: that of its hashes.
 * @param {{ Segment?: number, TotalSegments?: number }} input
 * @returns {Range}
 */
function segmentOf({ Segment: segment, TotalSegments: total }) {
  if ((segment === undefined) !== (total === undefined))
    throw validation('Segment and TotalSegments must both be present in the request, or neither');
  if (segment !== undefined && total !== undefined && segment >= total)
    throw validation(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  const bound = (/** @type {number} */ part) => {
    return { hash: Math.ceil((part * HASHES) / (total ?? 1)), partition: '', sort: '' };
  };
  return { from: bound(segment ?? 0), isFromIn: true, to: bound((segment ?? 0) + 1), isToIn: false };
}

export const ITEM_READING = { GetItem: getItem, Query: query, Scan: scan };
