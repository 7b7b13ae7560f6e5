import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyAttributes, STREAMED, TABLES } from '../../src/storage/dynamodb/table-definitions.js';
import { createDynamoClient } from '../../src/storage/dynamodb/dynamodb-client.js';
import { startDynaliteProcess } from '../support/storage/dynalite-process.js';
import { hasStreams, TEST_REGION, type TestDynamo } from '../support/storage/dynamodb.js';

const TOOL = fileURLToPath(new URL('../../dist/tables.js', import.meta.url));

describe('npm run tables', () => {
  let dynamo: TestDynamo;
  beforeEach(async () => {
    dynamo = await startDynaliteProcess();
  });
  afterEach(() => dynamo.stop());

  /** What it prints, line by line. */
  async function tables(...options: string[]): Promise<string[]> {
    const env = { PATH: process.env.PATH, ...dynamo.variables, DYNAMODB_CREATE_TABLES: 'false' };
    const { stdout } = await promisify(execFile)(process.execPath, [TOOL, ...options], { env });
    return stdout.trimEnd().split('\n');
  }
  const named = (what: string) =>
    Object.keys(TABLES).map((table) => `${String(dynamo.variables.TABLE_PREFIX)}${table}: ${what}`);

  it('creates what is missing, says what it protects, and may be run again', async () => {
    const first = await tables();
    expect(first).toEqual(expect.arrayContaining(named('created')));
    const protections = first.filter((line) => !line.endsWith(': created'));
    const about = protections.filter((line) =>
      /: (point-in-time recovery|protection from deletion|expiry|stream of changes) (on|switched on|not known to this endpoint)$/.test(
        line,
      ),
    );
    expect(about).toEqual(protections);
    expect(about).toHaveLength(2 * Object.keys(TABLES).length + 1 + STREAMED.length);
    const again = await tables();
    expect(again).toEqual(expect.arrayContaining(named('exists')));
    expect(again.filter((line) => /created|switched on/.test(line))).toEqual([]);
  });

  it('switches streams on where tables are without, and leaves one that shows less to whoever uses it', async () => {
    const client = createDynamoClient({ region: TEST_REGION, endpoint: dynamo.endpoint });
    const prefix = String(dynamo.variables.TABLE_PREFIX);
    const create = (table: keyof typeof TABLES, settings: object) =>
      client.send(
        new CreateTableCommand({
          TableName: prefix + table,
          BillingMode: 'PAY_PER_REQUEST',
          ...keyAttributes(TABLES[table]),
          ...settings,
        }),
      );
    await create('Employees', {});
    await create('Departments', {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    client.destroy();
    const told = (await tables()).filter((line) => line.includes('stream of changes'));
    const isKnown = await hasStreams();
    expect(told).toEqual([
      `${prefix}Employees: stream of changes ${isKnown ? 'switched on' : 'not known to this endpoint'}`,
      `${prefix}Departments: stream of changes ${
        isKnown ? 'on, and used by others: it must show NEW_AND_OLD_IMAGES' : 'not known to this endpoint'
      }`,
    ]);
  });

  it('refuses an option that it does not know, and calls nobody for a template', async () => {
    await expect(tables('--drop')).rejects.toMatchObject({ code: 78 });
    const template = await tables('--template');
    expect(template).toContain('Resources:');
  });
});
