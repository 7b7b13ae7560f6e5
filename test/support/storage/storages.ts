import { openDynamoStorage } from '../../../src/storage/dynamodb/dynamodb-storage.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../src/storage/ports/storage.js';
import type { Variables } from '../app/app.js';
import { temporaryFolder } from '../app/temporary-folder.js';
import { needing, type Need } from '../needs.js';
import { PROJECT } from '../project.js';
import { startDynamo, type TestDynamo } from './dynamodb.js';
import { dynamoConfig } from './storage-dynamo.js';
import { rawDynamo, rawEmbedded } from './raw-bytes.js';

/** An installation of its own on one of the storages. */
export interface Installation {
  /** Its settings, the data folder among them. */
  readonly variables: Variables;
  readonly dataDir: string;
  /** Opens the storage in this process: on DynamoDB beside a server, or after it; embedded storage only beside other processes. */
  readonly open: () => Promise<Storage>;
  /** All that is stored, as text. No application in this process may have it open. */
  readonly raw: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

export type Install = () => Promise<Installation>;

export async function installEmbedded(): Promise<Installation> {
  const { path, remove } = await temporaryFolder();
  return {
    variables: { STORAGE: 'embedded', DATA_DIR: path },
    dataDir: path,
    open: () => Promise.resolve(openEmbeddedStorage(path)),
    raw: () => rawEmbedded(path),
    remove,
  };
}

/** On a DynamoDB in this process, unless `start` says otherwise. */
export async function installDynamo(start: () => Promise<TestDynamo> = startDynamo): Promise<Installation> {
  const [folder, dynamo] = await Promise.all([temporaryFolder(), start()]);
  const variables = { ...dynamo.variables, DATA_DIR: folder.path };
  return {
    variables,
    dataDir: folder.path,
    open: () => openDynamoStorage(dynamoConfig(dynamo, dynamo.variables.TABLE_PREFIX ?? '')),
    raw: () => rawDynamo(dynamo),
    remove: async () => {
      await dynamo.stop();
      await folder.remove();
    },
  };
}

export type StorageName = 'embedded storage' | 'DynamoDB';

/**
 * Runs a suite on each storage, `%s` in its title. DynamoDB's half runs in the Jest project `dynamodb` names: where that is
 * `long`, the spec's name ends in `.more.spec.ts`, so that both projects read it.
 */
export function onEachStorage(
  title: string,
  suite: (install: Install, storage: StorageName) => void,
  { dynamodb = 'long', needs = [] }: { dynamodb?: 'e2e' | 'long'; needs?: readonly Need[] } = {},
): void {
  const storages: readonly (readonly [StorageName, Install, 'e2e' | 'long'])[] = [
    ['embedded storage', installEmbedded, 'e2e'],
    ['DynamoDB', () => installDynamo(), dynamodb],
  ];
  const here = storages.filter(([, , project]) => project === PROJECT);
  needing(...needs).describe.each(here.map(([storage, install]) => ({ storage, install })))(
    title.replace('%s', '$storage'),
    ({ storage, install }) => suite(install, storage),
  );
}
