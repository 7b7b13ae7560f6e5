import { validation } from '../errors.mjs';
import { Past } from '../tables/past.mjs';
import { idOf } from '../tables/table.mjs';
import { consumedByTables, readUnits, writeUnits } from './capacity.mjs';
import { entryToPut } from './item-writing.mjs';
import { readExpressionsOf } from './read-expressions.mjs';

/**
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../tables/places.mjs').Place} Place
 */

const MOST_READS = 100;
const MOST_WRITES = 25;
const MOST_READ_BYTES = 16 * 1_048_576;

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function batchGetItem(catalog, input) {
  /** @type {[string, any][]} */
  const entries = Object.entries(input.RequestItems);
  const count = entries.reduce((sum, [, { Keys }]) => sum + Keys.length, 0);
  if (count > MOST_READS) throw validation('Too many items requested for the BatchGetItem call');
  const reads = entries.flatMap(([name, request]) => readsOf(catalog, name, request));
  /** @type {Record<string, object[]>} */
  const Responses = {};
  /** @type {Record<string, any>} */
  const UnprocessedKeys = {};
  const units = new Map();
  let bytes = 0;
  const share = catalog.hostility.share(reads.length);
  for (const [index, { name, request, key, read }] of reads.entries()) {
    const entry = index < share && bytes <= MOST_READ_BYTES ? read() : 'unprocessed';
    Responses[name] ??= [];
    if (entry === 'unprocessed') {
      UnprocessedKeys[name] ??= { ...request, Keys: [] };
      UnprocessedKeys[name].Keys.push(key);
      continue;
    }
    bytes += entry.size;
    units.set(name, (units.get(name) ?? 0) + readUnits(entry.size, request.ConsistentRead));
    // In no order: here the last one is the first.
    if (entry.item) Responses[name].unshift(entry.item);
  }
  return { Responses, UnprocessedKeys, ...consumedByTables(input, units) };
}

/**
 * @param {Catalog} catalog
 * @param {string} name
 * @param {any} request
 */
function readsOf(catalog, name, request) {
  const { data, schema, hostility } = catalog.usableTable(name);
  const { shown } = readExpressionsOf(request, schema);
  const keys = request.Keys.map((/** @type {unknown} */ given) => schema.readKey(given));
  checkDistinct(keys.map((/** @type {{ place: Place }} */ { place }) => place));
  return keys.map((/** @type {{ key: object, place: Place }} */ { key, place }) => {
    const read = () => {
      const view = new Past(data, request.ConsistentRead === true ? 0 : hostility.writesBehind());
      const found = view.get(place);
      return { size: found?.size ?? 0, item: found && shown(found.item) };
    };
    return { name, request, key, read };
  });
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function batchWriteItem(catalog, input) {
  /** @type {[string, any[]][]} */
  const entries = Object.entries(input.RequestItems);
  const writes = entries.flatMap(([name, requests]) => writesOf(catalog, name, requests));
  if (writes.length > MOST_WRITES) throw validation('Too many items requested for the BatchWriteItem call');
  /** @type {Record<string, object[]>} */
  const UnprocessedItems = {};
  const units = new Map();
  const share = catalog.hostility.share(writes.length);
  for (const [index, { name, request, write }] of writes.entries()) {
    if (index < share) units.set(name, (units.get(name) ?? 0) + write());
    else (UnprocessedItems[name] ??= []).push(request);
  }
  return { UnprocessedItems, ...consumedByTables(input, units) };
}

/**
 * @param {Catalog} catalog
 * @param {string} name
 * @param {any[]} requests
 */
function writesOf(catalog, name, requests) {
  const table = catalog.usableTable(name);
  const { data } = table;
  /** @type {Place[]} */
  const places = [];
  const writes = requests.map((request) => {
    const { PutRequest: put, DeleteRequest: removal } = request;
    if ((put === undefined) === (removal === undefined))
      throw validation('Supplied WriteRequest must have exactly one of PutRequest and DeleteRequest');
    const entry = put && entryToPut(table, put.Item);
    const place = entry ?? table.schema.readKey(removal.Key).place;
    places.push(place);
    const write = () => {
      const before = data.get(place);
      if (entry) data.put(entry);
      else data.remove(place);
      return writeUnits(before?.size ?? 0, entry?.size ?? 0);
    };
    return { name, request, write };
  });
  checkDistinct(places);
  return writes;
}

/** @param {Place[]} places */
function checkDistinct(places) {
  if (new Set(places.map(idOf)).size < places.length)
    throw validation('Provided list of item keys contains duplicates');
}

export const BATCHES = { BatchGetItem: batchGetItem, BatchWriteItem: batchWriteItem };
