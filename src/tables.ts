import { ConfigError } from './config/config-error.js';
import { readDotenv } from './config/dotenv.js';
import { loadConfig } from './config/load-config.js';
import { createDynamoClient } from './storage/dynamodb/dynamodb-client.js';
import { createTables } from './storage/dynamodb/tables.js';

/** `npm run tables`: creates the DynamoDB tables that are missing. */
async function main(): Promise<void> {
  const { storage } = loadConfig({ ...readDotenv('.env'), ...process.env });
  if (storage.driver !== 'dynamodb')
    throw new ConfigError(['STORAGE must be dynamodb: the embedded store needs no tables']);
  const client = createDynamoClient(storage);
  await createTables(client, storage.tablePrefix, (name, outcome) => console.log(`${name}: ${outcome}`));
  client.destroy();
}

await main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(error instanceof ConfigError ? 78 : 1);
});
