import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoConfig } from './dynamodb-client.js';
import { PatientRetries } from './retry-strategy.js';
import type { RecordPage, StreamRecord, StreamsApi, StreamShard } from './stream-reader.js';

/** An item in the format of DynamoDB. */
export type Image = Record<string, AttributeValue>;

/** DynamoDB Streams through the SDK. */
export class DynamoStreams implements StreamsApi<Image> {
  private readonly client: DynamoDBStreamsClient;

  /** Shares the credentials, the time-outs and the connections of `tables`, and ends with it. */
  constructor(
    tables: DynamoDBDocumentClient,
    { region, endpoint }: Pick<DynamoConfig, 'region' | 'endpoint'>,
  ) {
    const { credentials, requestHandler } = tables.config;
    this.client = new DynamoDBStreamsClient({
      region,
      credentials,
      requestHandler,
      retryStrategy: new PatientRetries(),
      ...(endpoint === undefined ? {} : { endpoint }),
    });
  }

  async shards(stream: string): Promise<readonly StreamShard[]> {
    const shards: StreamShard[] = [];
    let start: string | undefined;
    do {
      const { StreamDescription: page } = await this.client.send(
        new DescribeStreamCommand({
          StreamArn: stream,
          ...(start === undefined ? {} : { ExclusiveStartShardId: start }),
        }),
      );
      // Another stream may have replaced it: the reader must look for that one.
      if (page?.StreamStatus === 'DISABLED') throw new Error('The stream of a table was switched off');
      for (const { ShardId: id = '', ParentShardId: parent } of page?.Shards ?? [])
        shards.push(parent === undefined ? { id } : { id, parent });
      start = page?.LastEvaluatedShardId;
    } while (start !== undefined);
    return shards;
  }

  async iterator(stream: string, shard: string, after?: string): Promise<string> {
    const { ShardIterator = '' } = await this.client.send(
      new GetShardIteratorCommand({
        StreamArn: stream,
        ShardId: shard,
        ...(after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
      }),
    );
    return ShardIterator;
  }

  async records(iterator: string): Promise<RecordPage<Image>> {
    const { Records = [], NextShardIterator } = await this.client.send(
      new GetRecordsCommand({ ShardIterator: iterator }),
    );
    const records = Records.map(({ dynamodb = {} }): StreamRecord<Image> => {
      const { SequenceNumber = '', ApproximateCreationDateTime: at, Keys, OldImage, NewImage } = dynamodb;
      return {
        sequence: SequenceNumber,
        at: at?.getTime() ?? 0,
        keys: Keys ?? {},
        ...(OldImage === undefined ? {} : { before: OldImage }),
        ...(NewImage === undefined ? {} : { after: NewImage }),
      };
    });
    return { records, ...(NextShardIterator === undefined ? {} : { next: NextShardIterator }) };
  }
}
