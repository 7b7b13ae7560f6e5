import { expiredIterator, notFound, trimmed, validation } from '../errors.mjs';

/**
 * @typedef {import('../tables/catalog.mjs').Catalog} Catalog
 * @typedef {import('../streams/shard.mjs').Shard} Shard
 * @typedef {{ stream: string, shard: string, at: number, madeAt: number }} Position `at`: how many records come before it
 */

const MOST_LISTED = 100;
const MOST_RECORDS = 1_000;
const MOST_BYTES = 1_048_576;
const ITERATOR_LIFE_MS = 15 * 60_000;

/**
 * @param {Catalog} catalog
 * @param {{ TableName?: string, Limit?: number, ExclusiveStartStreamArn?: string }} input
 */
function listStreams(catalog, { TableName, Limit = MOST_LISTED, ExclusiveStartStreamArn: after }) {
  const all = catalog.streams.filter(
    ({ tableName, arn }) =>
      (TableName === undefined || tableName === TableName) && (after === undefined || arn > after),
  );
  const listed = all.slice(0, catalog.hostility.share(Limit));
  return {
    Streams: listed.map(({ arn, tableName, label }) => {
      return { StreamArn: arn, TableName: tableName, StreamLabel: label };
    }),
    ...(listed.length < all.length ? { LastEvaluatedStreamArn: listed.at(-1)?.arn } : {}),
  };
}

/**
 * @param {Catalog} catalog
 * @param {{ StreamArn: string, Limit?: number, ExclusiveStartShardId?: string }} input
 */
function describeStream(catalog, { StreamArn, Limit = MOST_LISTED, ExclusiveStartShardId: after }) {
  const { arn, label, isEnabled, viewType, createdAt, tableName, schema, shards } = catalog.stream(StreamArn);
  // By their ids, which tell no more than about when each began: a child may come before its parent.
  const all = shards
    .filter(({ id }) => after === undefined || id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const listed = all.slice(0, catalog.hostility.share(Math.min(Limit, all.length)));
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamLabel: label,
      StreamStatus: isEnabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: viewType,
      CreationRequestDateTime: createdAt / 1_000,
      TableName: tableName,
      KeySchema: schema.attributes.map(({ name }, index) => {
        return { AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' };
      }),
      Shards: listed.map(({ description }) => description),
      ...(listed.length < all.length ? { LastEvaluatedShardId: listed.at(-1)?.id } : {}),
    },
  };
}

/**
 * @param {Catalog} catalog
 * @param {any} input
 */
function getShardIterator(
  catalog,
  { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber: sequence },
) {
  const shard = shardOf(catalog, StreamArn, ShardId);
  const isBySequence = type.endsWith('SEQUENCE_NUMBER');
  if (isBySequence !== (sequence !== undefined))
    throw validation(`SequenceNumber is ${isBySequence ? 'required' : 'not allowed'} with ${type}`);
  const at = () => {
    if (type === 'TRIM_HORIZON') return 0;
    if (type === 'LATEST') return shard.visible;
    if (BigInt(sequence) < BigInt(shard.firstSequence)) throw trimmed();
    const isAt = type === 'AT_SEQUENCE_NUMBER';
    const found = shard.records.findIndex((record) =>
      isAt ? record.sequence >= sequence : record.sequence > sequence,
    );
    return found === -1 ? shard.records.length : found;
  };
  return { ShardIterator: iteratorOf({ stream: StreamArn, shard: ShardId, at: at(), madeAt: Date.now() }) };
}

/**
 * @param {Catalog} catalog
 * @param {{ ShardIterator: string, Limit?: number }} input
 */
function getRecords(catalog, { ShardIterator, Limit = MOST_RECORDS }) {
  const { stream, shard: id, at, madeAt } = positionOf(ShardIterator);
  if (Date.now() - madeAt > ITERATOR_LIFE_MS) throw expiredIterator();
  const shard = shardOf(catalog, stream, id);
  const there = shard.records.slice(at, Math.min(shard.visible, at + Limit));
  const given = [];
  let bytes = 0;
  for (const record of there.slice(0, catalog.hostility.share(there.length))) {
    if (given.length > 0 && bytes + record.bytes > MOST_BYTES) break;
    bytes += record.bytes;
    given.push(record.told);
  }
  const next = { stream, shard: id, at: at + given.length, madeAt: Date.now() };
  const isOver = shard.lastSequence !== undefined && next.at === shard.records.length;
  return { Records: given, ...(isOver ? {} : { NextShardIterator: iteratorOf(next) }) };
}

/**
 * @param {Catalog} catalog
 * @param {string} arn
 * @param {string} id
 * @returns {Shard}
 */
function shardOf(catalog, arn, id) {
  const shard = catalog.stream(arn).shards.find((one) => one.id === id);
  if (!shard) throw notFound(`Shard: ${id} in Stream: ${arn}`);
  return shard;
}

/** @param {Position} position */
function iteratorOf(position) {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * @param {string} iterator
 * @returns {Position}
 */
function positionOf(iterator) {
  try {
    return JSON.parse(Buffer.from(iterator, 'base64url').toString());
  } catch {
    throw validation('Invalid ShardIterator');
  }
}

export const STREAM_OPERATIONS = {
  ListStreams: listStreams,
  DescribeStream: describeStream,
  GetShardIterator: getShardIterator,
  GetRecords: getRecords,
};
