import { attributes, flag, listOf, mapOf, oneOf, structure, tableName, text, wholeFrom } from './shapes.mjs';

/** The parameters of each operation. Those that newer ones have replaced, such as `Expected`, are not among them. */

const TableName = tableName;
const StreamSpecification = structure(
  { StreamEnabled: flag },
  { StreamViewType: oneOf('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY') },
);
const BillingMode = oneOf('PROVISIONED', 'PAY_PER_REQUEST');
const ProvisionedThroughput = structure({
  ReadCapacityUnits: wholeFrom(1),
  WriteCapacityUnits: wholeFrom(1),
});
const table = structure({ TableName });

const capacity = { ReturnConsumedCapacity: oneOf('INDEXES', 'TOTAL', 'NONE') };
const names = { ExpressionAttributeNames: mapOf(text) };
const values = { ExpressionAttributeValues: mapOf(attributes) };
const metrics = { ReturnItemCollectionMetrics: oneOf('SIZE', 'NONE') };
const condition = {
  ...{ ConditionExpression: text, ...names, ...values, ...capacity, ...metrics },
  ReturnValuesOnConditionCheckFailure: oneOf('ALL_OLD', 'NONE'),
};
const reading = { ConsistentRead: flag, ProjectionExpression: text, ...names };
const paging = {
  ...{ ...reading, ...values, ...capacity, FilterExpression: text },
  Limit: wholeFrom(1),
  ExclusiveStartKey: attributes,
  Select: oneOf('ALL_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES'),
};
const wrote = { ReturnValues: oneOf('NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW') };

/** @type {Record<string, import('./shapes.mjs').Shape>} */
export const PARAMETERS = {
  CreateTable: structure(
    {
      TableName,
      AttributeDefinitions: listOf(structure({ AttributeName: text, AttributeType: oneOf('S', 'N', 'B') })),
      KeySchema: listOf(structure({ AttributeName: text, KeyType: oneOf('HASH', 'RANGE') }), { to: 2 }),
    },
    { BillingMode, ProvisionedThroughput, StreamSpecification, DeletionProtectionEnabled: flag },
  ),
  DescribeTable: table,
  UpdateTable: structure(
    { TableName },
    { BillingMode, ProvisionedThroughput, StreamSpecification, DeletionProtectionEnabled: flag },
  ),
  DeleteTable: table,
  ListTables: structure({}, { ExclusiveStartTableName: TableName, Limit: wholeFrom(1, 100) }),
  DescribeTimeToLive: table,
  UpdateTimeToLive: structure({
    TableName,
    TimeToLiveSpecification: structure({ AttributeName: text, Enabled: flag }),
  }),
  DescribeContinuousBackups: table,
  UpdateContinuousBackups: structure({
    TableName,
    PointInTimeRecoverySpecification: structure(
      { PointInTimeRecoveryEnabled: flag },
      { RecoveryPeriodInDays: wholeFrom(1, 35) },
    ),
  }),
  PutItem: structure({ TableName, Item: attributes }, { ...condition, ...wrote }),
  GetItem: structure({ TableName, Key: attributes }, { ...reading, ...capacity }),
  UpdateItem: structure({ TableName, Key: attributes }, { UpdateExpression: text, ...condition, ...wrote }),
  DeleteItem: structure({ TableName, Key: attributes }, { ...condition, ...wrote }),
  Query: structure({ TableName, KeyConditionExpression: text }, { ...paging, ScanIndexForward: flag }),
  Scan: structure(
    { TableName },
    { ...paging, Segment: wholeFrom(0, 999_999), TotalSegments: wholeFrom(1, 1_000_000) },
  ),
  BatchGetItem: structure(
    { RequestItems: mapOf(structure({ Keys: listOf(attributes) }, reading), { from: 1 }) },
    capacity,
  ),
  BatchWriteItem: structure(
    {
      RequestItems: mapOf(
        listOf(
          structure(
            {},
            { PutRequest: structure({ Item: attributes }), DeleteRequest: structure({ Key: attributes }) },
          ),
        ),
        { from: 1, to: 25 },
      ),
    },
    { ...capacity, ...metrics },
  ),
  ListStreams: structure({}, { TableName, Limit: wholeFrom(1, 100), ExclusiveStartStreamArn: text }),
  DescribeStream: structure({ StreamArn: text }, { Limit: wholeFrom(1, 100), ExclusiveStartShardId: text }),
  GetShardIterator: structure(
    {
      StreamArn: text,
      ShardId: text,
      ShardIteratorType: oneOf('TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'),
    },
    { SequenceNumber: text },
  ),
  GetRecords: structure({ ShardIterator: text }, { Limit: wholeFrom(1, 1_000) }),
};
