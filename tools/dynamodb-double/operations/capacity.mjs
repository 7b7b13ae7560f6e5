/** What calls are charged: read units of 4 KB, half as much where they need not be consistent, and write units of 1 KB. */

const READ_BYTES = 4_096;
const WRITE_BYTES = 1_024;

/**
 * @param {number} bytes that were read together
 * @param {boolean | undefined} isConsistent
 */
export function readUnits(bytes, isConsistent) {
  // What is not there costs as much as the smallest.
  return Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isConsistent === true ? 1 : 0.5);
}

/**
 * @param {number[]} sizes of an item, before and after
 */
export function writeUnits(...sizes) {
  return Math.max(1, ...sizes.map((bytes) => Math.ceil(bytes / WRITE_BYTES)));
}

/**
 * What the answer tells of it, where the request asks.
 * @param {{ ReturnConsumedCapacity?: string }} input
 * @param {string} TableName
 * @param {number} CapacityUnits
 */
export function consumed({ ReturnConsumedCapacity: wanted }, TableName, CapacityUnits) {
  if (wanted === undefined || wanted === 'NONE') return {};
  return { ConsumedCapacity: { TableName, CapacityUnits, ...byTable(wanted, CapacityUnits) } };
}

/**
 * The same of a batch.
 * @param {{ ReturnConsumedCapacity?: string }} input
 * @param {Map<string, number>} units by table
 */
export function consumedByTables({ ReturnConsumedCapacity: wanted }, units) {
  if (wanted === undefined || wanted === 'NONE') return {};
  return {
    ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => {
      return { TableName, CapacityUnits, ...byTable(wanted, CapacityUnits) };
    }),
  };
}

/**
 * @param {string} wanted
 * @param {number} CapacityUnits
 */
function byTable(wanted, CapacityUnits) {
  return wanted === 'INDEXES' ? { Table: { CapacityUnits } } : {};
}
