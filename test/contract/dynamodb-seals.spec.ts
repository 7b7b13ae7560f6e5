import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Employee } from '../../src/domain/people/employee.js';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import type { Item } from '../../src/storage/dynamodb/item-fields.js';
import {
  DynamoDepartmentStore,
  DynamoEmployeeStore,
} from '../../src/storage/dynamodb/dynamodb-entity.store.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { DEPARTMENT_ITEMS, EMPLOYEE_ITEMS } from '../../src/storage/dynamodb/entity-items.js';
import { originOf } from '../../src/storage/dynamodb/item-seal.js';
import { OtherTool } from '../support/app/direct-edits.js';
import { startDynamo, type TestDynamo } from '../support/storage/dynamodb.js';
import { beforeFirst, dynamoConfig, testClient } from '../support/storage/storage-dynamo.js';
import { fullDepartment, fullEmployee } from '../support/storage/storage-entities.js';

describe('the seals of the items in DynamoDB', () => {
  let dynamo: TestDynamo;
  let tablePrefix: string;
  let tool: OtherTool;
  let client: DynamoDBDocumentClient;
  beforeAll(async () => {
    dynamo = await startDynamo();
    tablePrefix = dynamo.newPrefix();
    await (await openDynamoStorage(dynamoConfig(dynamo, tablePrefix))).close();
    tool = new OtherTool({ ...dynamo.variables, TABLE_PREFIX: tablePrefix });
    client = testClient(dynamo);
  });
  afterAll(async () => {
    client.destroy();
    tool.close();
    await dynamo.stop();
  });

  const employees = () => new DynamoEmployeeStore(new DynamoTables(client, tablePrefix));
  const departments = () => new DynamoDepartmentStore(new DynamoTables(client, tablePrefix));
  /** Who has made a change, as its images tell. */
  async function originDuring(id: string, write: () => Promise<unknown>) {
    const stored = await tool.get('Employees', id);
    await write();
    const now = await tool.get('Employees', id);
    return originOf(EMPLOYEE_ITEMS, { id, stored, now, at: Date.now() });
  }
  const stressed = (id: string, current: Employee | undefined, stress_rate: number): Employee => {
    const known = current ?? { employeeId: id, attributes: {}, metrics: { dimensions: {}, rates: {} } };
    return { ...known, metrics: { ...known.metrics, rates: { ...known.metrics.rates, stress_rate } } };
  };
  const change = (id: string, stress: number) =>
    employees().mutate([id], (_, current) => stressed(id, current, stress));

  it('show that what is created, changed and emptied is ours', async () => {
    const writes: ((id: string) => Employee)[] = [
      fullEmployee,
      (id) => ({ ...fullEmployee(id), attributes: { division: 'Legal' } }),
      (id) => ({ employeeId: id, attributes: {}, metrics: { dimensions: {}, rates: {} } }),
      fullEmployee,
    ];
    for (const after of writes)
      expect(await originDuring('E1', () => employees().mutate(['E1'], after))).toBe('own');
    const bare = () => employees().mutate(['bare'], (id) => ({ ...fullEmployee(id), attributes: {} }));
    expect(await originDuring('bare', bare)).toBe('own');
  });

  it('show the same of departments', async () => {
    let stored: Item | undefined;
    for (const respondents of [3, 4, 0]) {
      await departments().mutate(['D1'], (id) => ({ ...fullDepartment(id), respondents }));
      const now = await tool.get('Departments', 'D1');
      expect(originOf(DEPARTMENT_ITEMS, { id: 'D1', stored, now, at: Date.now() })).toBe('own');
      stored = now;
    }
  });

  it('show it over what other tools have written in their own way', async () => {
    await tool.put('Employees', 'E2', {
      stress_rate: '12.50',
      engagement_rate: 'unknown',
      Dim_ESG: '3',
      division: 7,
      name: ' ',
      skills: new Set(['a', 'b']),
      nested: { list: [1, { deep: true }] },
    });
    expect(await originDuring('E2', () => change('E2', 50))).toBe('own');
    expect(await originDuring('E2', () => change('E2', 51))).toBe('own');
  });

  it('show that a tool has changed what was ours, all at once or a bit of it', async () => {
    await change('E3', 10);
    expect(await originDuring('E3', () => tool.set('Employees', 'E3', 'stress_rate', 90))).toBe('other');
    expect(await originDuring('E3', () => change('E3', 20))).toBe('own');
    const item = { ...(await tool.get('Employees', 'E3')), metrics_updated_at: new Date().toISOString() };
    expect(await originDuring('E3', () => tool.put('Employees', 'E3', item))).toBe('other');
    expect(await originDuring('E3', () => tool.put('Employees', 'E3', { stress_rate: 1 }))).toBe('other');
    const copy = async () => tool.put('Employees', 'E3', (await tool.get('Employees', 'E1')) ?? {});
    expect(await originDuring('E3', copy)).toBe('unclear');
  });

  it('do not hold where a tool has changed what our write was decided on and has not seen', async () => {
    await employees().mutate(['E4'], fullEmployee);
    const racing = testClient(dynamo);
    let stored: Item | undefined;
    beforeFirst(racing, 'UpdateItemCommand', async () => {
      await tool.set('Employees', 'E4', 'Dim_ESG', 5);
      stored = await tool.get('Employees', 'E4');
    });
    await new DynamoEmployeeStore(new DynamoTables(racing, tablePrefix)).mutate(
      ['E4'],
      (id, current) => current && stressed(id, current, 77),
    );
    racing.destroy();
    const now = await tool.get('Employees', 'E4');
    expect(now).toMatchObject({ Dim_ESG: 5, stress_rate: 77 });
    expect(originOf(EMPLOYEE_ITEMS, { id: 'E4', stored, now, at: Date.now() })).toBe('unclear');
  });
});
