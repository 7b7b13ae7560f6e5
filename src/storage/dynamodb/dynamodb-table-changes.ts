import { isDeepStrictEqual } from 'node:util';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Clock } from '../../lib/clock.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import {
  ChangeReader,
  ChangesUnavailable,
  TableChanges,
  type ChangeBatch,
  type TableChange,
} from '../ports/change-stream.js';
import { exactNumber } from './dynamodb-client.js';
import type { Image } from './dynamodb-streams.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';
import { DEPARTMENT_ITEMS, EMPLOYEE_ITEMS, type ItemMapping } from './entity-items.js';
import { originOf } from './item-seal.js';
import {
  StreamReader,
  type StreamPosition,
  isNamed,
  type StreamRecord,
  type StreamsApi,
} from './stream-reader.js';
import { STREAMED, STREAM_VIEW } from './table-definitions.js';

type Streamed = (typeof STREAMED)[number];
interface Positions extends Partial<Record<Streamed, StreamPosition>> {
  /** The time of the read: milliseconds since 1970. */
  readonly at: number;
}

/** Streams hold a record for a day, and do not report what is missing at the beginning of a shard. */
const STALE_MS = 43_200_000;

/** The errors of an endpoint without Streams, and of one without permission to read them. */
const REFUSALS = ['UnknownOperationException', 'AccessDeniedException'];

/** The changes of both tables, from DynamoDB Streams. */
export class DynamoTableChanges extends TableChanges {
  constructor(
    private readonly tables: DynamoTables,
    private readonly api: StreamsApi<Image>,
    private readonly clock: Pick<Clock, 'now' | 'monotonic'> = new Clock(),
  ) {
    super();
  }

  open(position: string | undefined): Promise<ChangeReader | ChangesUnavailable> {
    const positions = position === undefined ? undefined : (JSON.parse(position) as Positions);
    const isStale = positions !== undefined && !(this.clock.now() - positions.at <= STALE_MS);
    return this.tables.attempt('look for the streams of the tables', async () => {
      const readers: Partial<Record<Streamed, StreamReader<Image>>> = {};
      try {
        for (const table of STREAMED) {
          const stream = await this.streamOf(table);
          if (stream === undefined)
            return new ChangesUnavailable(
              `The table ${table} has no stream; "npm run tables" switches it on`,
            );
          await this.api.shards(stream);
          readers[table] = new StreamReader(this.api, stream, positions?.[table], () =>
            this.clock.monotonic(),
          );
        }
      } catch (error) {
        const refusal = REFUSALS.find((name) => isNamed(error, name));
        if (refusal === undefined) throw error;
        return new ChangesUnavailable(`DynamoDB refuses to report changes (${refusal})`);
      }
      return new DynamoChangeReader(this.tables, readers, this.clock, isStale);
    });
  }

  /** The stream of a table, if it has the images that are needed. */
  private async streamOf(table: Streamed): Promise<string | undefined> {
    const { Table } = await this.tables.client.send(
      new DescribeTableCommand({ TableName: this.tables.name(table) }),
    );
    const { StreamSpecification: stream, LatestStreamArn } = Table ?? {};
    return stream?.StreamEnabled === true && stream.StreamViewType === STREAM_VIEW
      ? LatestStreamArn
      : undefined;
  }
}

class DynamoChangeReader extends ChangeReader {
  private read: object = {};
  private position = '';

  constructor(
    private readonly tables: DynamoTables,
    private readonly readers: Readonly<Partial<Record<Streamed, StreamReader<Image>>>>,
    private readonly clock: Pick<Clock, 'now'>,
    private isStale: boolean,
  ) {
    super();
  }

  next(): Promise<ChangeBatch> {
    return this.tables.attempt('read the streams of the tables', async () => {
      const changes: TableChange[] = [];
      const at = this.clock.now();
      const positions: Partial<Record<Streamed, StreamPosition>> = {};
      let [isGap, isMore] = [this.isStale, false];
      for (const table of STREAMED) {
        const reader = this.readers[table];
        if (!reader) continue;
        const batch = await reader.next();
        for (const record of batch.records) changes.push(changeOf(table, record));
        positions[table] = reader.position;
        isGap ||= batch.isGap;
        isMore ||= batch.isMore;
      }
      this.isStale = false;
      // The time alone is no change.
      if (!isDeepStrictEqual(positions, this.read)) this.position = JSON.stringify({ at, ...positions });
      this.read = positions;
      return { changes, position: this.position, isGap, isMore };
    });
  }
}

function changeOf(table: Streamed, record: StreamRecord<Image>): TableChange {
  switch (table) {
    case 'Employees':
      return { table, ...entityChange<Employee>(EMPLOYEE_ITEMS, record) };
    case 'Departments':
      return { table, ...entityChange<Department>(DEPARTMENT_ITEMS, record) };
  }
}

function entityChange<T>(mapping: ItemMapping<T>, { at, keys, before, after }: StreamRecord<Image>) {
  const id = String(itemOf(keys)[mapping.key]);
  const [stored, now] = [before && itemOf(before), after && itemOf(after)];
  return {
    ...{ id, at },
    ...(stored === undefined ? {} : { before: mapping.fromItem(id, stored) }),
    ...(now === undefined ? {} : { after: mapping.fromItem(id, now) }),
    origin: originOf(mapping, { id, stored, now, at }),
  };
}

function itemOf(image: Image): Item {
  return unmarshall(image, { wrapNumbers: exactNumber });
}
