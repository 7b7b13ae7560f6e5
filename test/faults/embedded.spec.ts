import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { faultSuite } from './fault-suite.js';
import type { Size } from './scenario.js';

const SIZE: Size = { employees: [20, 150], many: [1_200, 2_200], steps: [6, 12], killWithinMs: 250 };

faultSuite('embedded', SIZE, [1, 2], async () => {
  const { path, remove } = await temporaryFolder();
  const open = () => Promise.resolve(openEmbeddedStorage(path));
  return { variables: {}, dataDir: path, open, remove };
});
