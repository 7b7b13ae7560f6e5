import { installEmbedded } from '../support/storage/storages.js';
import { faultSuite } from './fault-suite.js';
import type { Size } from './scenario.js';

const SIZE: Size = { employees: [20, 150], many: [1_200, 2_200], steps: [6, 12], killWithinMs: 250 };

faultSuite('embedded', SIZE, installEmbedded);
