import { temporaryFolder } from '../support/app/temporary-folder.js';
import { uploadReportSuite } from './upload-report.js';

uploadReportSuite('embedded storage', async () => {
  const folder = await temporaryFolder();
  return { variables: { STORAGE: 'embedded', DATA_DIR: folder.path }, remove: folder.remove };
});
