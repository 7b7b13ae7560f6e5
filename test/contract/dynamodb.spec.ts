import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { startDynamo, type TestDynamo } from '../support/dynamodb.js';
import { alertLogRewritingContract } from './alert-log-rewriting.contract.js';
import { alertLogStandingContract } from './alert-log-standing.contract.js';
import { alertLogStoreContract } from './alert-log-store.contract.js';
import { auditStoreContract } from './audit-store.contract.js';
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

let dynamo: TestDynamo;

function open() {
  const tablePrefix = `t${randomUUID().slice(0, 8)}_`;
  return openDynamoStorage({
    driver: 'dynamodb',
    region: 'eu-central-1',
    endpoint: dynamo.endpoint,
    createTables: true,
    tablePrefix,
  });
}

describe('DynamoDB storage', () => {
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());
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
  channelStoresContract(open);
  idempotencyStoreContract(open);
  pushSubscriptionStoreContract(open);
  surveyResponseStoreContract(open);
  auditStoreContract(open);
});
