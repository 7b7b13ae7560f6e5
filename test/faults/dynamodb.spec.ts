import { startDynaliteProcess } from '../support/storage/dynalite-process.js';
import { installDynamo } from '../support/storage/storages.js';
import { faultSuite } from './fault-suite.js';
import type { Size } from './scenario.js';

const SIZE: Size = { employees: [10, 60], many: [100, 250], steps: [5, 8], killWithinMs: 1_500 };

faultSuite('dynamodb', SIZE, () => installDynamo(startDynaliteProcess));
