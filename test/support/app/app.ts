import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../../src/app.setup.js';
import { CHANNEL_KINDS } from '../../../src/delivery/channels/registry.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { ImportLock } from '../../../src/ingest/sync/import-lock.js';
import { DepartmentStore, EmployeeStore } from '../../../src/storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../../src/storage/ports/survey-response.store.js';
import { WsClient } from '../clients/ws-client.js';

export type Variables = Readonly<Record<string, string>>;

const KEEP_ALIVE_MS = 3_600_000;
/** The applications that run on embedded storage, by their data folders. */
const inUse = new Map<string, NestExpressApplication>();

export interface UploadStatus {
  task_id: string;
  status: string;
  code: string | null;
  message: string;
  result: {
    rows_read: number;
    rows_valid: number;
    rows_written: number;
    rows_rejected: number;
    rows_duplicate: number;
    rows_blank: number;
    alerts_raised: number;
    alerts_cleared: number;
    warnings: { code: string; column?: string }[];
    errors: { code: string; message: string; line?: number; column?: string; value?: string }[];
    errors_total: number;
    errors_url: string;
    columns: { column: string; field: string }[];
    ignored_columns: string[];
  };
}

/** The whole application in this process, on a free port. */
export class TestApp {
  private constructor(
    readonly nest: NestExpressApplication,
    readonly url: string,
    readonly variables: Variables,
  ) {}

  /**
   * Evaluation runs only when a test asks for it, unless `variables` says otherwise. Throws where another application of
   * this process has the data folder: a thread that opens an LMDB file waits for the writer that waits for this thread.
   */
  static async start(variables: Variables): Promise<TestApp> {
    const all = {
      LOG_LEVEL: 'silent',
      LOG_FORMAT: 'json',
      PORT: '0',
      RISK_EVALUATE_EVERY: '0',
      // Their document is a third of the start; the specs of the documentation switch it on.
      DOCS: 'off',
      ...variables,
    };
    const config = loadConfig(all, CHANNEL_KINDS);
    const { dataDir, storage } = config;
    if (inUse.has(dataDir)) throw new Error('Start the second application on a data folder as a process');
    const nest = await createApp(config);
    if (storage.driver === 'embedded') inUse.set(dataDir, nest);
    await nest.listen(config.port, config.host);
    const server: Server = nest.getHttpServer();
    // A busy test process must not use a connection at the moment the server lets go of it.
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    const { port } = server.address() as AddressInfo;
    return new TestApp(nest, `http://127.0.0.1:${port}`, all);
  }

  /** A second application on the same data, after this one has stopped. */
  async restart(): Promise<TestApp> {
    await this.stop();
    return TestApp.start(this.variables);
  }

  async stop(): Promise<void> {
    await this.nest.close();
    for (const [dataDir, nest] of inUse) if (nest === this.nest) inUse.delete(dataDir);
  }

  /**
   * Empties the tables between two tests of one application, and has the evaluation find that out: it clears what fires, and
   * counts departments anew. The alert log, the list of uploads and what operators have said stay.
   */
  async wipe(): Promise<void> {
    const { nest } = this;
    const [employees, departments, responses] = [
      nest.get(EmployeeStore),
      nest.get(DepartmentStore),
      nest.get(SurveyResponseStore),
    ];
    for await (const page of responses.scan())
      await responses.deleteMany(page.map(({ responseId }) => responseId));
    for await (const page of employees.scan())
      await Promise.all(page.map(({ employeeId }) => employees.delete(employeeId)));
    for await (const page of departments.scan())
      await Promise.all(page.map(({ departmentId }) => departments.delete(departmentId)));
    await this.json('POST', '/risk/evaluate');
  }

  subscribe(): Promise<WsClient> {
    return WsClient.connect(`${this.url.replace('http', 'ws')}/api/v1/ws/alerts`);
  }

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  async json<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(`/api/v1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  post(
    csv: string | Uint8Array<ArrayBuffer>,
    fields: Variables = {},
    headers: Variables = {},
  ): Promise<Response> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'survey.csv');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return this.request('/api/v1/upload', { method: 'POST', body: form, headers });
  }

  /** Uploads a file and waits until it is finished. */
  async upload(csv: string, fields: Variables = {}, headers: Variables = {}): Promise<UploadStatus> {
    const response = await this.post(csv, fields, headers);
    if (response.status !== 202)
      throw new Error(`The upload got ${response.status}: ${await response.text()}`);
    const { status_url } = (await response.json()) as { status_url: string };
    for (;;) {
      const status = (await (await this.request(status_url, { headers })).json()) as UploadStatus;
      if (status.status === 'completed' || status.status === 'failed') return status;
      await this.nest.get(ImportLock).idle();
    }
  }
}
