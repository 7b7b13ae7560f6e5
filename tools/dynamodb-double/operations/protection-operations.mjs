import { validation } from '../errors.mjs';

/**
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../tables/managed-table.mjs').ManagedTable} ManagedTable
 */

/**
 * @param {Catalog} catalog
 * @param {{ TableName: string }} input
 */
function describeTimeToLive(catalog, { TableName }) {
  const { expiry } = catalog.table(TableName);
  return {
    TimeToLiveDescription:
      expiry === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: expiry },
  };
}

/**
 * @param {Catalog} catalog
 * @param {{ TableName: string, TimeToLiveSpecification: { AttributeName: string, Enabled: boolean } }} input
 */
function updateTimeToLive(catalog, { TableName, TimeToLiveSpecification }) {
  const { AttributeName, Enabled } = TimeToLiveSpecification;
  const table = catalog.settledTable(TableName);
  if (Enabled === (table.expiry !== undefined))
    throw validation(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  if (!Enabled && AttributeName !== table.expiry)
    throw validation(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${table.expiry}`,
    );
  table.expiry = Enabled ? AttributeName : undefined;
  return { TimeToLiveSpecification };
}

/** @param {ManagedTable} table */
function backupsOf({ hasRecovery }) {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: hasRecovery ? 'ENABLED' : 'DISABLED',
      },
    },
  };
}

/**
 * @param {Catalog} catalog
 * @param {{ TableName: string }} input
 */
function describeContinuousBackups(catalog, { TableName }) {
  return backupsOf(catalog.table(TableName));
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function updateContinuousBackups(catalog, { TableName, PointInTimeRecoverySpecification }) {
  const table = catalog.settledTable(TableName);
  table.hasRecovery = PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
  return backupsOf(table);
}

/** What protects tables is only noted: nothing expires here, and nothing is recovered. */
export const PROTECTION_OPERATIONS = {
  DescribeTimeToLive: describeTimeToLive,
  UpdateTimeToLive: updateTimeToLive,
  DescribeContinuousBackups: describeContinuousBackups,
  UpdateContinuousBackups: updateContinuousBackups,
};
