import { invalidValue, validation } from '../errors.mjs';
import { updated } from '../expressions/apply-update.mjs';
import { projected } from '../expressions/projection.mjs';
import { checkItem } from '../values/attribute-value.mjs';
import { itemSize } from '../values/item-size.mjs';
import { consumed, writeUnits } from './capacity.mjs';
import { expressionsOf } from './write-expressions.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../tables/table.mjs').Entry} Entry
 * @typedef {import('../tables/managed-table.mjs').ManagedTable} ManagedTable
 */

const MOST_BYTES = 400 * 1_024;

/**
 * An item that may be kept, at its place.
 * @param {ManagedTable} table
 * @param {Item} item
 * @returns {Entry}
 */
function entryOf({ schema }, item, tooBig = 'Item size has exceeded the maximum allowed size') {
  const size = itemSize(item);
  if (size > MOST_BYTES) throw validation(tooBig);
  return { ...schema.placeOfItem(item), item, size };
}

/**
 * What a put of an item keeps.
 * @param {ManagedTable} table
 * @param {unknown} given
 */
export function entryToPut(table, given) {
  return entryOf(table, checkItem(given));
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function putItem(catalog, input) {
  onlyOld(input);
  const table = catalog.usableTable(input.TableName);
  const { check } = expressionsOf(input);
  const entry = entryToPut(table, input.Item);
  const before = table.data.get(entry);
  check(before);
  table.data.put(entry);
  return {
    ...(input.ReturnValues === 'ALL_OLD' && before ? { Attributes: before.item } : {}),
    ...consumed(input, table.name, writeUnits(before?.size ?? 0, entry.size)),
  };
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function deleteItem(catalog, input) {
  onlyOld(input);
  const table = catalog.usableTable(input.TableName);
  const { check } = expressionsOf(input);
  const { place } = table.schema.readKey(input.Key);
  const before = table.data.get(place);
  check(before);
  table.data.remove(place);
  return {
    ...(input.ReturnValues === 'ALL_OLD' && before ? { Attributes: before.item } : {}),
    ...consumed(input, table.name, writeUnits(before?.size ?? 0)),
  };
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function updateItem(catalog, input) {
  const table = catalog.usableTable(input.TableName);
  const { actions, check } = expressionsOf(input);
  for (const { path } of actions)
    if (table.schema.has(path[0]))
      throw invalidValue(`Cannot update attribute ${path[0]}. This attribute is part of the key`);
  const { key, place } = table.schema.readKey(input.Key);
  const before = table.data.get(place);
  check(before);
  const item = updated(actions, before?.item ?? key);
  const entry = entryOf(table, item, 'Item size to update has exceeded the maximum allowed size');
  table.data.put(entry);
  const paths = actions.map(({ path }) => path);
  const attributes = returned(input.ReturnValues, before?.item, item, paths);
  return {
    ...(attributes === undefined ? {} : { Attributes: attributes }),
    ...consumed(input, table.name, writeUnits(before?.size ?? 0, entry.size)),
  };
}

/**
 * @param {string | undefined} wanted
 * @param {Item | undefined} before
 * @param {Item} after
 * @param {import('../expressions/reader.mjs').Path[]} paths
 */
function returned(wanted, before, after, paths) {
  switch (wanted) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && projected(before, paths);
    case 'UPDATED_NEW':
      return projected(after, paths);
    default:
      return undefined;
  }
}

/** @param {{ ReturnValues?: string }} input */
function onlyOld({ ReturnValues: wanted = 'NONE' }) {
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw validation('Return values set to invalid value');
}

export const ITEM_WRITING = { PutItem: putItem, DeleteItem: deleteItem, UpdateItem: updateItem };
