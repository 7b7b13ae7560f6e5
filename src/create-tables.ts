import { ConfigError } from './config/config.js';
import { readDotenv } from './config/environment.js';
import { loadConfig } from './config/load-config.js';
import { CHANNEL_KINDS } from './delivery/channels/registry.js';
import { createDynamoClient } from './storage/dynamodb/dynamodb-client.js';
import { protectTables } from './storage/dynamodb/protect-tables.js';
import { createTables } from './storage/dynamodb/table-definitions.js';
import { cloudFormationTemplate } from './storage/dynamodb/cloudformation.js';

/**
 * Creates the DynamoDB tables that are missing, and switches on what protects them and what reports their changes. With
 * the option `--template` it writes a CloudFormation template of them instead, and calls nothing. When it fails, the
 * process ends: with 78 where a setting or an option is wrong, with 1 otherwise.
 */
export async function runCreateTables(
  options: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  await run(options, environment).catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exit(error instanceof ConfigError ? 78 : 1);
  });
}

async function run(options: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const [option, ...more] = options;
  if (option === '--template' && more.length === 0)
    return void process.stdout.write(cloudFormationTemplate());
  if (option !== undefined) throw new ConfigError(['The only option is --template']);
  const { storage } = loadConfig({ ...readDotenv('.env'), ...environment }, CHANNEL_KINDS);
  if (storage.driver !== 'dynamodb')
    throw new ConfigError(['STORAGE must be dynamodb: the embedded store needs no tables']);
  const client = createDynamoClient(storage);
  await createTables(client, storage.tablePrefix, (name, outcome) => console.log(`${name}: ${outcome}`));
  await protectTables(client, storage.tablePrefix, (table, protection, outcome) =>
    console.log(`${table}: ${protection} ${outcome}`),
  );
  client.destroy();
}
