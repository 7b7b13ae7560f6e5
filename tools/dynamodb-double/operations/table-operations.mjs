import { inUse, validation } from '../errors.mjs';
import { ManagedTable } from '../tables/managed-table.mjs';

/**
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../tables/managed-table.mjs').ManagedTable} Managed
 */

const MOST_NAMES = 100;

/**
 * @param {Catalog} catalog
 * @param {any} input
 * @param {string} region
 */
function createTable(catalog, input, region) {
  const { TableName: name, KeySchema: keySchema, AttributeDefinitions: definitions } = input;
  if (catalog.has(name)) throw inUse(`Table already exists: ${name}`);
  const table = new ManagedTable({ name, region, keySchema, definitions }, catalog.hostility);
  setBilling(table, { BillingMode: 'PROVISIONED', ...input });
  if (input.StreamSpecification?.StreamEnabled) startStream(catalog, table, input.StreamSpecification);
  table.isProtected = input.DeletionProtectionEnabled === true;
  catalog.add(table);
  table.begin('CREATING');
  // That it is there is told by DescribeTable alone.
  return { TableDescription: { ...table.description, TableStatus: 'CREATING' } };
}

/**
 * @param {Catalog} catalog
 * @param {{ TableName: string }} input
 */
function describeTable(catalog, { TableName }) {
  return { Table: catalog.table(TableName).description };
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function updateTable(catalog, input) {
  const { TableName, DeletionProtectionEnabled: isProtected, StreamSpecification: stream } = input;
  if (Object.keys(input).length === 1)
    throw validation('At least one of the settings of a table is required');
  const table = catalog.settledTable(TableName);
  if (stream) {
    const { isEnabled = false } = table.stream ?? {};
    if (stream.StreamEnabled && isEnabled)
      throw validation(`Table already has an enabled stream: TableName: ${TableName}`);
    if (!stream.StreamEnabled && !isEnabled)
      throw validation(`Table is already stream disabled: TableName: ${TableName}`);
    if (stream.StreamEnabled) startStream(catalog, table, stream);
    else table.endStream();
  }
  if (input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined) setBilling(table, input);
  if (isProtected !== undefined) table.isProtected = isProtected;
  table.begin('UPDATING');
  return { TableDescription: { ...table.description, TableStatus: 'UPDATING' } };
}

/**
 * @param {Catalog} catalog
 * @param {{ TableName: string }} input
 */
function deleteTable(catalog, { TableName }) {
  const known = catalog.table(TableName);
  if (known.status === 'DELETING') return { TableDescription: known.description };
  const table = catalog.settledTable(TableName);
  if (table.isProtected)
    throw validation(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  table.endStream();
  table.begin('DELETING');
  return { TableDescription: { ...table.description, TableStatus: 'DELETING' } };
}

/**
 * @param {Catalog} catalog
 * @param {{ ExclusiveStartTableName?: string, Limit?: number }} input
 */
function listTables(catalog, { ExclusiveStartTableName: after, Limit = MOST_NAMES }) {
  const names = catalog.tableNames.filter((name) => after === undefined || name > after);
  const TableNames = names.slice(0, catalog.hostility.share(Limit));
  const isMore = TableNames.length < names.length;
  return { TableNames, ...(isMore ? { LastEvaluatedTableName: TableNames.at(-1) } : {}) };
}

/**
 * @param {Catalog} catalog
 * @param {Managed} table
 * @param {{ StreamViewType?: string }} specification
 */
function startStream(catalog, table, { StreamViewType: viewType }) {
  if (viewType === undefined)
    throw validation('One or more parameter values were invalid: StreamViewType is required');
  catalog.addStream(table.startStream(viewType));
}

/**
 * @param {Managed} table
 * @param {any} input
 */
function setBilling(table, { BillingMode, ProvisionedThroughput }) {
  if (BillingMode !== 'PAY_PER_REQUEST' && ProvisionedThroughput === undefined)
    throw validation(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  if (BillingMode === 'PAY_PER_REQUEST' && ProvisionedThroughput !== undefined)
    throw validation(
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  table.throughput = ProvisionedThroughput;
}

export const TABLE_OPERATIONS = {
  CreateTable: createTable,
  DescribeTable: describeTable,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  ListTables: listTables,
};
