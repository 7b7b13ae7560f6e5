import { temporaryFolder } from '../support/app/temporary-folder.js';
import { startDynamo } from '../support/storage/dynamodb.js';
import { badFilesSuite } from './bad-files/bad-files-suite.js';

badFilesSuite('DynamoDB', async () => {
  const [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
  return {
    variables: dynamo.variables,
    dataDir: folder.path,
    remove: async () => {
      await dynamo.stop();
      await folder.remove();
    },
  };
});
