import { temporaryFolder } from '../support/app/temporary-folder.js';
import { mainJobSuite } from './main-job.js';

mainJobSuite('embedded storage', async () => {
  const folder = await temporaryFolder();
  return { variables: { STORAGE: 'embedded', DATA_DIR: folder.path }, remove: folder.remove };
});
