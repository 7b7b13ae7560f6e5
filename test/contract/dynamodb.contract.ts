import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RUNNING } from '../../src/storage/dynamodb/iam-actions.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import type { TestDynamo } from '../support/storage/dynamodb.js';
import { dynamoConfig } from '../support/storage/storage-dynamo.js';
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

/**
 * What the stores promise, on a DynamoDB. One that may lose answers makes more work of the sums of departments: whoever does not
 * know what was counted counts anew.
 */
export function dynamodbContract(
  name: string,
  start: () => Promise<TestDynamo>,
  { losesAnswers }: { readonly losesAnswers: boolean },
): void {
  let dynamo: TestDynamo;
  /** What was done with each table. */
  const used = new Map<string, Set<string>>();
  const open = () =>
    openDynamoStorage(dynamoConfig(dynamo, dynamo.newPrefix()), {
      called: ({ table, operation }) => used.set(table, (used.get(table) ?? new Set()).add(operation)),
    });

  describe(`DynamoDB storage, on ${name}`, () => {
    beforeAll(async () => {
      dynamo = await start();
    });
    afterAll(() => dynamo.stop());
    entityStoreContract(open);
    departmentTotalsStoreContract(open);
    departmentSumsContract(open, { losesAnswers });
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

    it('takes the least privileges: those of its policy, and all of them', () => {
      const sorted = (actions: Iterable<string>) => [...actions].sort();
      expect(Object.fromEntries([...used].map(([table, actions]) => [table, sorted(actions)]))).toEqual(
        Object.fromEntries(Object.entries(RUNNING).map(([table, actions]) => [table, sorted(actions)])),
      );
    });
  });
}
