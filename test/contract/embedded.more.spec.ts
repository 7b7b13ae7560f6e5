import { afterAll, describe } from '@jest/globals';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { inProject } from '../support/project.js';
import { MEMORY } from '../support/storage/mapped-memory.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { alertLogRewritingContract } from './alert-log-rewriting.contract.js';
import { alertLogStandingContract } from './alert-log-standing.contract.js';
import { alertLogStoreContract } from './alert-log-store.contract.js';
import { auditStoreContract } from './audit-store.contract.js';
import { changeReadingStoreContract } from './change-reading-store.contract.js';
import { channelStoresContract } from './channel-stores.contract.js';
import { coordinationContract } from './coordination.contract.js';
import { departmentSumsContract } from './department-sums.contract.js';
import { departmentTotalsStoreContract } from './department-totals-store.contract.js';
import { entityStoreContract } from './entity-store.contract.js';
import { evaluationPassStoreContract } from './evaluation-pass-store.contract.js';
import { findingStoreContract } from './finding-store.contract.js';
import { idempotencyStoreContract } from './idempotency-store.contract.js';
import { pushSubscriptionStoreContract } from './push-subscription-store.contract.js';
import { smallStoresContract } from './small-stores.contract.js';
import { surveyResponseStoreContract } from './survey-response-store.contract.js';

const folders: (() => Promise<void>)[] = [];

const KINDS = inProject<keyof typeof MEMORY>({
  short: ['opened once'],
  long: ['opened anew after each operation'],
});

describe.each(KINDS)('embedded storage, %s', (kind) => {
  const mapped = MEMORY[kind];
  const open = async () => {
    const folder = await temporaryFolder();
    folders.push(folder.remove);
    return openEmbeddedStorage(folder.path, mapped());
  };
  afterAll(() => Promise.all(folders.map((remove) => remove())));
  entityStoreContract(open);
  departmentTotalsStoreContract(open);
  departmentSumsContract(open);
  evaluationPassStoreContract(open);
  alertLogStoreContract(open);
  alertLogRewritingContract(open);
  alertLogStandingContract(open);
  smallStoresContract(open);
  findingStoreContract(open);
  coordinationContract(open);
  changeReadingStoreContract(open);
  channelStoresContract(open);
  idempotencyStoreContract(open);
  pushSubscriptionStoreContract(open);
  surveyResponseStoreContract(open);
  auditStoreContract(open);
});
