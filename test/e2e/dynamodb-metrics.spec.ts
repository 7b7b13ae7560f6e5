import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { startDynamo, type TestDynamo } from '../support/storage/dynamodb.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

describe('the metrics of DynamoDB', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dynamo: TestDynamo;
  let app: TestApp;

  beforeEach(async () => {
    [folder, dynamo] = await Promise.all([temporaryFolder(), startDynamo()]);
    app = await TestApp.start({ ...dynamo.variables, DATA_DIR: folder.path });
  });
  afterEach(async () => {
    await app.stop();
    await dynamo.stop();
    await folder.remove();
  });

  it('tell what an upload cost, by operation and table, as DynamoDB says it', async () => {
    const before = await scrape(app);
    await app.upload(surveyCsv(Array.from({ length: 60 }, (_, n) => uniform(`E${n}`, 3))));
    const after = await scrape(app);
    const grown = (name: string, labels: Record<string, string>) =>
      valueOf(after, `pulsewatch_dynamodb_${name}`, labels) -
      valueOf(before, `pulsewatch_dynamodb_${name}`, labels);
    // 60 responses in batches of 25, each of under 1 KB; a put for each employee, who was not there.
    const responses = { operation: 'BatchWriteItem', table: 'Survey_Response' };
    expect(grown('calls_total', { ...responses, outcome: 'ok' })).toBe(3);
    expect(grown('capacity_units_total', { ...responses, kind: 'write' })).toBe(60);
    const employees = { operation: 'PutItem', table: 'Employees' };
    expect(grown('calls_total', { ...employees, outcome: 'ok' })).toBe(60);
    expect(grown('capacity_units_total', { ...employees, kind: 'write' })).toBe(60);
    expect(grown('capacity_units_total', { table: 'Employees', kind: 'read' })).toBeGreaterThan(0);
    expect(grown('call_duration_seconds_count', { operation: 'PutItem' })).toBeGreaterThanOrEqual(60);
    expect(grown('calls_total', { outcome: 'failed' })).toBe(0);
  });
});
