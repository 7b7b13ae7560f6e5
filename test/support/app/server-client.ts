import type { UploadStatus } from './app.js';

/** What a caller of a running server does, by HTTP alone. */
export class ServerClient {
  constructor(private readonly url: string) {}

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await (await this.request(`/api/v1${path}`)).json()) as T;
  }

  patch(path: string, body: unknown): Promise<Response> {
    return this.request(`/api/v1${path}`, {
      method: 'PATCH',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    });
  }

  /** Sends a file. */
  post(csv: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'a.csv');
    return this.request('/api/v1/upload', { method: 'POST', body: form, headers });
  }

  /** Uploads a file and waits until it is finished. */
  async upload(csv: string): Promise<UploadStatus> {
    const { task_id } = (await (await this.post(csv)).json()) as { task_id: string };
    return this.finished(task_id);
  }

  /** The uploads, newest first. */
  async uploads(): Promise<readonly UploadStatus[]> {
    return (await this.get<{ items: UploadStatus[] }>('/uploads')).items;
  }

  /** The status of an upload, once that says how it ended. */
  async finished(id: string): Promise<UploadStatus> {
    for (;;) {
      const status = await this.get<UploadStatus>(`/upload/status/${id}`);
      if (status.status === 'completed' || status.status === 'failed') return status;
    }
  }

  /** The same of the newest upload. */
  async newestFinished(): Promise<UploadStatus> {
    const [newest] = await this.uploads();
    if (!newest) throw new Error('There is no upload');
    return this.finished(newest.task_id);
  }
}
