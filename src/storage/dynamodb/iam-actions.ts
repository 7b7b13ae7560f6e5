import type { TableName } from './table-definitions.js';

/** The actions of a running instance on the items of each table, and no others. */
export const RUNNING = {
  Survey_Response: ['BatchWriteItem', 'GetItem', 'Scan'],
  Employees: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan'],
  Departments: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan'],
  Pulsewatch_Alert_Log: ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'BatchWriteItem'],
  Pulsewatch_Checkpoints: ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'BatchWriteItem', 'Scan'],
  Pulsewatch_Uploads: ['GetItem', 'PutItem', 'DeleteItem', 'Query'],
  Pulsewatch_Upload_Findings: ['PutItem', 'Query', 'BatchWriteItem'],
  Pulsewatch_Audit: ['PutItem', 'Query', 'BatchWriteItem'],
  Pulsewatch_Coordination: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem', 'Query'],
} as const satisfies Record<TableName, readonly string[]>;

/** Its further actions on each table that has a stream, and on that stream. */
export const FOLLOWING = {
  table: ['DescribeTable'],
  stream: ['DescribeStream', 'GetShardIterator', 'GetRecords'],
} as const;

/** The actions of `npm run tables` on every table. It neither reads nor writes an item, and removes no table. */
export const PREPARING = [
  'CreateTable',
  'DescribeTable',
  'UpdateTable',
  'DescribeContinuousBackups',
  'UpdateContinuousBackups',
  'DescribeTimeToLive',
  'UpdateTimeToLive',
] as const;
