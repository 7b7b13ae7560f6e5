import { temporaryFolder } from '../support/app/temporary-folder.js';
import { smallGroupsSuite } from './small-groups.js';

smallGroupsSuite('embedded storage', async () => {
  const { path, remove } = await temporaryFolder();
  return { variables: { DATA_DIR: path }, remove };
});
