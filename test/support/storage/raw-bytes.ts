import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { tableNames, type TestDynamo } from './dynamodb.js';
import { testClient } from './storage-dynamo.js';

const run = promisify(execFile);

/** Every key and value of every table in the file of an embedded store, as text. */
export async function rawEmbedded(dataDir: string): Promise<string> {
  const script = fileURLToPath(new URL('raw-embedded.mjs', import.meta.url));
  const { stdout } = await run(process.execPath, [script, join(dataDir, 'pulsewatch.mdb')], {
    maxBuffer: 64 * 2 ** 20,
  });
  return stdout;
}

/** Every item of every table of an installation, as text. */
export async function rawDynamo(dynamo: TestDynamo): Promise<string> {
  const client = testClient(dynamo);
  const texts: string[] = [];
  for await (const TableName of tableNames(client)) {
    if (!TableName.startsWith(dynamo.variables.TABLE_PREFIX ?? '')) continue;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName,
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      texts.push(...(page.Items ?? []).map((item) => `${TableName} ${JSON.stringify(item)}`));
      start = page.LastEvaluatedKey;
    } while (start);
  }
  client.destroy();
  return texts.join('\n');
}
