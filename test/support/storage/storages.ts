import type { Variables } from '../app/app.js';
import { startDynamo } from './dynamodb.js';
import { rawDynamo, rawEmbedded } from './raw-bytes.js';
import { temporaryFolder } from '../app/temporary-folder.js';

/** An installation of its own on one of the storages. */
export interface Installation {
  readonly variables: Variables;
  /** All that is stored, as text. No application in this process may have it open. */
  readonly raw: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** How to make one on each of them. */
export const INSTALLATIONS: Readonly<Record<string, () => Promise<Installation>>> = {
  'embedded storage': async () => {
    const { path, remove } = await temporaryFolder();
    return { variables: { DATA_DIR: path }, raw: () => rawEmbedded(path), remove };
  },
  DynamoDB: async () => {
    const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
    return {
      variables: { ...dynamo.variables, DATA_DIR: folder.path },
      raw: () => rawDynamo(dynamo),
      remove: async () => {
        await dynamo.stop();
        await folder.remove();
      },
    };
  },
};
