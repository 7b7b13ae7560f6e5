import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { crashSuite } from './crash.js';

// More than a batch, so that a crash after the first leaves the file half written.
const BULK = 1_500;

crashSuite(
  'embedded storage',
  async () => {
    const { path, remove } = await temporaryFolder();
    const open = () => Promise.resolve(openEmbeddedStorage(path));
    return { dataDir: path, variables: { DATA_DIR: path }, open, remove };
  },
  { bulk: BULK },
);
