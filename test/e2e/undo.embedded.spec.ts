import { temporaryFolder } from '../support/app/temporary-folder.js';
import { undoSuite } from './undo.js';

undoSuite('embedded storage', async () => {
  const { path, remove } = await temporaryFolder();
  return { variables: { DATA_DIR: path }, remove };
});
