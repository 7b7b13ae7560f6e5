import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ImportIssue } from '../../domain/csv/import-issue.js';
import { FindingStore } from '../ports/finding.store.js';
import type { DynamoTables, TableQuery } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** Parts read by one call, and so held in memory: DynamoDB returns 1 MB at most. */
const READ_PARTS = 2;
/** Parts removed before the next ones are read. */
const DELETE_PARTS = 100;

/** The `Pulsewatch_Upload_Findings` table in DynamoDB: one item per part, with its findings as one JSON text. */
export class DynamoFindingStore extends FindingStore {
  private readonly table: string;

  constructor(private readonly tables: DynamoTables) {
    super();
    this.table = tables.name('Pulsewatch_Upload_Findings');
  }

  async put(uploadId: string, part: number, findings: readonly ImportIssue[]): Promise<void> {
    const Item = { upload_id: uploadId, part, findings: JSON.stringify(findings) };
    await this.tables.attempt(`write ${this.table}`, () =>
      this.tables.client.send(new PutCommand({ TableName: this.table, Item })),
    );
  }

  async *read(uploadId: string): AsyncIterable<readonly ImportIssue[]> {
    for await (const items of this.pages(uploadId, { Limit: READ_PARTS }))
      for (const item of items) yield JSON.parse(String(item.findings)) as ImportIssue[];
  }

  async delete(uploadId: string): Promise<void> {
    // Only keys are returned, although DynamoDB reads the items.
    const query = {
      Limit: DELETE_PARTS,
      ProjectionExpression: '#id, #part',
      ExpressionAttributeNames: { '#part': 'part' },
    };
    for await (const keys of this.pages(uploadId, query))
      await this.tables.deleteAll('Pulsewatch_Upload_Findings', keys);
  }

  /** The parts in the order of their numbers, strongly consistent. */
  private pages(
    uploadId: string,
    query: Pick<TableQuery, 'Limit' | 'ProjectionExpression' | 'ExpressionAttributeNames'>,
  ): AsyncIterable<Item[]> {
    return this.tables.queryPages('Pulsewatch_Upload_Findings', {
      ...query,
      KeyConditionExpression: '#id = :id',
      ExpressionAttributeNames: { '#id': 'upload_id', ...query.ExpressionAttributeNames },
      ExpressionAttributeValues: { ':id': uploadId },
    });
  }
}
