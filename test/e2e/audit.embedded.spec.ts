import { temporaryFolder } from '../support/app/temporary-folder.js';
import { auditSuite } from './audit.js';

auditSuite('embedded storage', async () => {
  const { path, remove } = await temporaryFolder();
  return { variables: { DATA_DIR: path }, remove };
});
