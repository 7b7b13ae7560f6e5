import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GetCommand,
  NumberValue,
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import { DynamoEmployeeStore } from '../../src/storage/dynamodb/dynamodb-entity.store.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { startDynamo, type TestDynamo } from '../support/storage/dynamodb.js';
import { beforeFirst, dynamoConfig, testClient } from '../support/storage/storage-dynamo.js';
import { fullDepartment, fullEmployee } from '../support/storage/storage-entities.js';

type Item = Record<string, unknown>;

const ADA = {
  name: 'Ada Lovelace',
  position: 'Analyst',
  division: 'Sales',
  hire_date: '2020-02-29',
  Dim_Employee_Engagement: 4.5,
  Dim_Leadership: 3.25,
  Dim_ESG: 2,
  stress_rate: 31.2,
  engagement_rate: 87.5,
  attrition_rate: 0,
  last_submission_date: '2025-03-01',
  metrics_order: '018f-0000001',
  metrics_updated_at: '2025-03-02T10:00:00.000Z',
  roster_updated_at: '2025-03-01T10:00:00.000Z',
};

describe('the items of the DynamoDB tables', () => {
  let dynamo: TestDynamo;
  let tablePrefix: string;
  let storage: Storage;
  let client: DynamoDBDocumentClient;
  const clients: DynamoDBDocumentClient[] = [];

  const put = (table: string, Item: Item): Promise<unknown> =>
    client.send(new PutCommand({ TableName: tablePrefix + table, Item }));

  /** An item without its seal, which is another one after each write. */
  async function get(table: string, Key: Item): Promise<Item | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tablePrefix + table, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { pw_seal: _, ...others } = Item;
    return others;
  }

  /** What another tool does: sets one attribute of an employee. */
  const edit = (Employee_ID: string, name: string, value: unknown): Promise<unknown> =>
    client.send(
      new UpdateCommand({
        TableName: `${tablePrefix}Employees`,
        Key: { Employee_ID },
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );

  const employee = async (id: string) => (await storage.employees.getMany([id])).get(id);
  const department = async (id: string) => (await storage.departments.getMany([id])).get(id);

  beforeAll(async () => {
    dynamo = await startDynamo();
    tablePrefix = dynamo.newPrefix();
    storage = await openDynamoStorage(dynamoConfig(dynamo, tablePrefix));
    client = testClient(dynamo);
    clients.push(client);
  });
  afterAll(async () => {
    for (const open of clients) open.destroy();
    await storage.close();
    await dynamo.stop();
  });

  it('have the attributes of the contract', async () => {
    await storage.employees.mutate(['E1'], fullEmployee);
    expect(await get('Employees', { Employee_ID: 'E1' })).toEqual({ Employee_ID: 'E1', ...ADA });

    await storage.departments.mutate(['D1'], fullDepartment);
    expect(await get('Departments', { department_id: 'D1' })).toEqual({
      department_id: 'D1',
      department_name: 'Sales',
      Dim_ESG: 3.33,
      stress_rate: 51,
      engagement_rate: 54.99,
      engagement_score: 54.99,
      respondents: 3,
      scores_withheld: true,
      min_group_size: 5,
      overall_risk: 'critical',
      metrics_updated_at: '2025-03-02T10:00:00.000Z',
      metrics_revision: 4,
    });

    await storage.responses.putMany([
      {
        responseId: 'R1',
        employeeId: 'E1',
        submissionDate: '2025-08-31T23:00:00.000Z',
        department: 'Sales',
        location: 'Zürich',
        answers: { Q1_Recommend: 4, Q10: 1 },
        metrics: { dimensions: { ESG: 3.5 }, rates: { stress_rate: 50 } },
        uploadId: 'U1',
      },
    ]);
    expect(await get('Survey_Response', { response_id: 'R1' })).toEqual({
      response_id: 'R1',
      employee_id: 'E1',
      submission_date: '2025-08-31T23:00:00.000Z',
      department: 'Sales',
      location: 'Zürich',
      quarter: 3,
      month: 8,
      year: 2025,
      Q1_Recommend: 4,
      Q10: 1,
      Dim_ESG: 3.5,
      stress_rate: 50,
      upload_id: 'U1',
    });
  });

  /** The employees as a store sees them whose first write comes after an edit by another tool. */
  function employeesEditedMeanwhile(
    run: () => Promise<unknown>,
    write: 'PutItemCommand' | 'UpdateItemCommand' = 'UpdateItemCommand',
  ): DynamoEmployeeStore {
    const slow = testClient(dynamo);
    clients.push(slow);
    beforeFirst(slow, write, run);
    return new DynamoEmployeeStore(new DynamoTables(slow, tablePrefix));
  }

  it('keep what other tools put there before a change, and between its read and its write', async () => {
    await put('Employees', { Employee_ID: 'E2', ...ADA, nickname: 'Countess', badges: ['a', 'b'] });
    const employees = employeesEditedMeanwhile(async () => {
      await edit('E2', 'position', 'Director');
      await edit('E2', 'note', 'by hand');
    });
    await employees.mutate(
      ['E2'],
      (_, current) =>
        current && { ...current, metrics: { dimensions: { ESG: 2 }, rates: { stress_rate: 7 } } },
    );
    const gone = ['Dim_Employee_Engagement', 'Dim_Leadership', 'engagement_rate', 'attrition_rate'];
    expect(await get('Employees', { Employee_ID: 'E2' })).toEqual({
      Employee_ID: 'E2',
      ...Object.fromEntries(Object.entries(ADA).filter(([name]) => !gone.includes(name))),
      stress_rate: 7,
      position: 'Director',
      nickname: 'Countess',
      badges: ['a', 'b'],
      note: 'by hand',
    });
  });

  it.each([
    ['what the change replaces', 'stress_rate', 20],
    ['what it was decided by', 'last_submission_date', '2025-02-01'],
    ['whom it counts for', 'division', 'Legal'],
  ])('have a change decided again when another tool edits %s', async (_, name, value) => {
    const Employee_ID = `E3-${name}`;
    const stored = { stress_rate: 10, last_submission_date: '2025-01-01', division: 'Sales' };
    await put('Employees', { Employee_ID, ...stored });
    const employees = employeesEditedMeanwhile(() => edit(Employee_ID, name, value));
    const seen: unknown[] = [];
    await employees.mutate([Employee_ID], (_id, current) => {
      const { metrics, lastSubmissionDate, attributes } = current ?? {};
      seen.push([metrics?.rates.stress_rate, lastSubmissionDate, attributes?.division]);
      const stress_rate = (metrics?.rates.stress_rate ?? 0) + 1;
      return current && { ...current, metrics: { dimensions: {}, rates: { stress_rate } } };
    });
    const edited = { ...stored, [name]: value };
    expect(seen).toEqual([Object.values(stored), Object.values(edited)]);
    expect(await get('Employees', { Employee_ID })).toEqual({
      Employee_ID,
      ...edited,
      stress_rate: edited.stress_rate + 1,
    });
  });

  it('lose no change of several instances', async () => {
    const instances = Array.from({ length: 3 }, () => {
      const own = testClient(dynamo);
      clients.push(own);
      return new DynamoEmployeeStore(new DynamoTables(own, tablePrefix));
    });
    const increments = instances.flatMap((employees) =>
      Array.from({ length: 5 }, () =>
        employees.mutate(['E7'], (employeeId, current) => {
          const stress_rate = (current?.metrics.rates.stress_rate ?? 0) + 1;
          return { employeeId, attributes: {}, metrics: { dimensions: {}, rates: { stress_rate } } };
        }),
      ),
    );
    await Promise.all(increments);
    expect(await get('Employees', { Employee_ID: 'E7' })).toEqual({ Employee_ID: 'E7', stress_rate: 15 });
  });

  it('are created only once: who comes second changes what the first made', async () => {
    const employees = employeesEditedMeanwhile(
      () => put('Employees', { Employee_ID: 'E6', name: 'Bob' }),
      'PutItemCommand',
    );
    const [mutation] = await employees.mutate(['E6'], (employeeId, current) => ({
      ...(current ?? { employeeId, attributes: {} }),
      metrics: { dimensions: {}, rates: { stress_rate: 1 } },
    }));
    expect(mutation?.before?.attributes).toEqual({ name: 'Bob' });
    const item = await get('Employees', { Employee_ID: 'E6' });
    expect(item).toEqual({ Employee_ID: 'E6', name: 'Bob', stress_rate: 1 });
  });

  it('are read as numbers where other tools wrote text, and as nothing where it is garbage', async () => {
    await put('Employees', {
      Employee_ID: 'E4',
      stress_rate: '45.50',
      engagement_rate: 'n/a',
      attrition_rate: '',
      Dim_ESG: ' 3.5 ',
      Dim_Leadership: { not: 'a number' },
      Dim_Enablement: '0x10',
      name: '  ',
      position: 7,
    });
    expect(await employee('E4')).toEqual({
      employeeId: 'E4',
      attributes: { position: '7' },
      metrics: { dimensions: { ESG: 3.5 }, rates: { stress_rate: 45.5 } },
    });
  });

  it('can hold numbers that JavaScript cannot, and changes go through all the same', async () => {
    await put('Employees', {
      Employee_ID: 'E5',
      stress_rate: NumberValue.from('33.333333333333333333333333333333'),
      budget: NumberValue.from('123456789012345678901234567890'),
      tiny: NumberValue.from('1e-100'),
    });
    expect((await employee('E5'))?.metrics.rates.stress_rate).toBeCloseTo(100 / 3, 12);
    const [mutation] = await storage.employees.mutate(
      ['E5'],
      (_, current) => current && { ...current, metrics: { dimensions: {}, rates: { stress_rate: 50 } } },
    );
    expect(mutation?.changed).toBe(true);
    expect((await employee('E5'))?.metrics.rates).toEqual({ stress_rate: 50 });
  });

  it('are a department by its id when they name none', async () => {
    await put('Departments', { department_id: 'D2', overall_risk: 'CRITICAL' });
    expect(await department('D2')).toEqual({
      departmentId: 'D2',
      departmentName: 'D2',
      metrics: { dimensions: {}, rates: {} },
      overallRisk: 'CRITICAL',
    });
    await storage.departments.mutate(['D2'], (_, current) => current && { ...current, respondents: 1 });
    expect(await get('Departments', { department_id: 'D2' })).toEqual({
      department_id: 'D2',
      overall_risk: 'CRITICAL',
      respondents: 1,
    });
  });
});
