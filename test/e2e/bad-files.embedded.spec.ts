import { temporaryFolder } from '../support/app/temporary-folder.js';
import { badFilesSuite } from './bad-files/bad-files-suite.js';

badFilesSuite('embedded storage', async () => {
  const folder = await temporaryFolder();
  return { variables: { STORAGE: 'embedded' }, dataDir: folder.path, remove: folder.remove };
});
