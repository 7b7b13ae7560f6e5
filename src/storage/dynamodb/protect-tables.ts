import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../ports/storage-error.js';
import {
  EXPIRING,
  isStreamed,
  STREAM_SPECIFICATION,
  STREAM_VIEW,
  TABLES,
  WAIT,
  type TableName,
} from './table-definitions.js';

/** The settings that protect a table. */
type Protection = 'point-in-time recovery' | 'protection from deletion' | 'expiry' | 'stream of changes';
export type ProtectionOutcome =
  | 'switched on'
  | 'on'
  | 'not known to this endpoint'
  | `on, and used by others: it must show ${typeof STREAM_VIEW}`;

interface Step {
  readonly protection: Protection;
  /** Switches it on where it is off. */
  readonly ensure: (client: DynamoDBClient, TableName: string) => Promise<ProtectionOutcome>;
}

const RECOVERY_ATTEMPTS = 60;
const RECOVERY_PAUSE_MS = 2_000;

const RECOVERY: Step = {
  protection: 'point-in-time recovery',
  ensure: async (client, TableName) => {
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    const { PointInTimeRecoveryDescription: now } = ContinuousBackupsDescription ?? {};
    if (now?.PointInTimeRecoveryStatus === 'ENABLED') return 'on';
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    const command = new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.send(command);
        return 'switched on';
      } catch (error) {
        // DynamoDB answers so for some time after it has created a table.
        const isSoon = error instanceof Error && error.name === 'ContinuousBackupsUnavailableException';
        if (!isSoon || attempt === RECOVERY_ATTEMPTS) throw error;
        await delay(RECOVERY_PAUSE_MS);
      }
    }
  },
};

const NO_DELETION: Step = {
  protection: 'protection from deletion',
  ensure: async (client, TableName) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    // An endpoint that knows it reports it, on or off.
    if (Table?.DeletionProtectionEnabled === undefined) return 'not known to this endpoint';
    if (Table.DeletionProtectionEnabled) return 'on';
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    // DynamoDB refuses further changes of the table until it is active again.
    await waitUntilTableExists({ client, ...WAIT }, { TableName });
    return 'switched on';
  },
};

const CHANGES: Step = {
  protection: 'stream of changes',
  ensure: async (client, TableName) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const { StreamSpecification: stream } = Table ?? {};
    if (stream?.StreamEnabled === true)
      // The view of a stream cannot be changed, and switching it off would break its other readers.
      return stream.StreamViewType === STREAM_VIEW
        ? 'on'
        : `on, and used by others: it must show ${STREAM_VIEW}`;
    try {
      await client.send(new UpdateTableCommand({ TableName, StreamSpecification: STREAM_SPECIFICATION }));
    } catch (error) {
      // The endpoint knows no setting of this call.
      if (error instanceof Error && error.message.startsWith('At least one of'))
        return 'not known to this endpoint';
      throw error;
    }
    await waitUntilTableExists({ client, ...WAIT }, { TableName });
    return 'switched on';
  },
};

function expiry(AttributeName: string): Step {
  return {
    protection: 'expiry',
    ensure: async (client, TableName) => {
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      const { TimeToLiveStatus } = TimeToLiveDescription ?? {};
      if (TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING') return 'on';
      const TimeToLiveSpecification = { AttributeName, Enabled: true };
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      return 'switched on';
    },
  };
}

/**
 * Switches on the protections of the tables, and their streams, where they are off; one after the other. A setting that
 * an emulator does not know is reported to `onStep` and is no failure. Throws StorageError.
 */
export async function protectTables(
  client: DynamoDBClient,
  prefix: string,
  onStep: (table: string, protection: Protection, outcome: ProtectionOutcome) => void,
): Promise<void> {
  for (const table of Object.keys(TABLES) as TableName[]) {
    const attribute = EXPIRING[table];
    const steps = [
      ...[RECOVERY, NO_DELETION],
      ...(attribute === undefined ? [] : [expiry(attribute)]),
      ...(isStreamed(table) ? [CHANGES] : []),
    ];
    for (const { protection, ensure } of steps) {
      try {
        onStep(prefix + table, protection, await ensure(client, prefix + table));
      } catch (error) {
        if (!(error instanceof Error && error.name === 'UnknownOperationException'))
          throw new StorageError(`switch on ${protection} of ${prefix}${table}`, error);
        onStep(prefix + table, protection, 'not known to this endpoint');
      }
    }
  }
}
