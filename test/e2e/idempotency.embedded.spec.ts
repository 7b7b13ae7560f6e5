import { temporaryFolder } from '../support/app/temporary-folder.js';
import { idempotencySuite } from './idempotency.js';

idempotencySuite('embedded storage', async () => {
  const { path, remove } = await temporaryFolder();
  return { variables: { DATA_DIR: path }, remove };
});
