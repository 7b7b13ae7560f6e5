import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { calendarOf, type SurveyResponse } from '../../domain/surveys/survey-response.js';
import { SurveyResponseStore } from '../ports/survey-response.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import {
  type Item,
  joined,
  metricsFields,
  numberField,
  present,
  readMetrics,
  textField,
} from './item-fields.js';

const SCAN_PAGE = 1_000;

/** The `Survey_Response` table in DynamoDB. */
export class DynamoSurveyResponseStore extends SurveyResponseStore {
  constructor(private readonly tables: DynamoTables) {
    super();
  }

  async putMany(responses: readonly SurveyResponse[]): Promise<void> {
    await this.tables.putAll('Survey_Response', responses.map(toItem));
  }

  async get(responseId: string): Promise<SurveyResponse | undefined> {
    const TableName = this.tables.name('Survey_Response');
    const { Item } = await this.tables.attempt(`read ${TableName}`, () =>
      this.tables.client.send(
        new GetCommand({ TableName, Key: { response_id: responseId }, ConsistentRead: true }),
      ),
    );
    return Item && fromItem(responseId, Item);
  }

  async *scan(): AsyncIterable<readonly SurveyResponse[]> {
    for await (const items of this.tables.scan('Survey_Response', SCAN_PAGE))
      yield items.map((item) => fromItem(String(item.response_id), item));
  }

  async deleteMany(responseIds: readonly string[]): Promise<void> {
    await this.tables.deleteAll(
      'Survey_Response',
      responseIds.map((response_id) => ({ response_id })),
    );
  }
}

function toItem(response: SurveyResponse): Item {
  const { responseId, employeeId, submissionDate, department, location, answers, metrics, uploadId, row } =
    response;
  return joined(
    answers,
    metricsFields(metrics),
    calendarOf(submissionDate),
    present({ department, location, upload_row: row }),
    {
      response_id: responseId,
      employee_id: employeeId,
      submission_date: submissionDate,
      upload_id: uploadId,
    },
  );
}

function fromItem(responseId: string, item: Item): SurveyResponse {
  const answers: Record<string, number> = {};
  for (const name of Object.keys(item)) {
    const answer = /^q\s*\d/i.test(name) ? numberField(item, name) : undefined;
    if (answer !== undefined) answers[name] = answer;
  }
  return {
    responseId,
    employeeId: textField(item, 'employee_id') ?? '',
    submissionDate: textField(item, 'submission_date') ?? '',
    ...present({
      department: textField(item, 'department'),
      location: textField(item, 'location'),
      row: numberField(item, 'upload_row'),
    }),
    answers,
    metrics: readMetrics(item),
    uploadId: textField(item, 'upload_id') ?? '',
  };
}
