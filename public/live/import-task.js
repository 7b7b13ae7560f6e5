import { parseJson, problemText } from './problem.js';
import { call, credentials, signIn } from './session.js';

const POLL_EVERY = 500;
/** Half a minute of failed polls, which is longer than a restart of the server. */
const MOST_FAILED_POLLS = 60;

/** Sends the file, as a dry run on request; `onProgress` gets percent. Resolves to the task id of the import. */
export function sendFile(file, { dryRun, onProgress }) {
  return new Promise((resolve, reject) => {
    const sent = credentials();
    const request = new XMLHttpRequest();
    const form = new FormData();
    if (dryRun) form.append('dry_run', 'true');
    form.append('file', file);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress((100 * loaded) / total));
    request.addEventListener('load', () => {
      const body = parseJson(request.responseText);
      if (request.status === 202 && body?.task_id) resolve(body.task_id);
      else if (request.status === 401)
        signIn(sent.Authorization).then(() => resolve(sendFile(file, { dryRun, onProgress })));
      else reject(new Error(problemText(request.status, body)));
    });
    request.addEventListener('error', () => {
      reject(new Error('The connection broke while the file was sent. Try again.'));
    });
    request.open('POST', 'api/v1/upload');
    request.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(sent)) request.setRequestHeader(name, value);
    request.send(form);
  });
}

/** Polls the status of an import until it has ended. `onStatus` gets every response. Resolves to the last one. */
export async function followTask(taskId, onStatus) {
  for (let failures = 0; failures < MOST_FAILED_POLLS;) {
    const status = await poll(taskId);
    if (status) {
      failures = 0;
      onStatus(status);
      if (status.status === 'completed' || status.status === 'failed') return status;
    } else {
      failures += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY));
  }
  throw new Error('The server does not answer. The import continues there. Reload the page later.');
}

/** One response; undefined if a repeated poll can succeed. */
async function poll(taskId) {
  let response;
  let body;
  try {
    response = await call(`api/v1/upload/status/${encodeURIComponent(taskId)}`);
    body = parseJson(await response.text());
  } catch {
    return undefined;
  }
  if (response.ok) return body;
  if (response.status === 429 || response.status >= 500) return undefined;
  throw new Error(problemText(response.status, body));
}

/** The imports that wait or run; none if the server does not answer. */
export async function runningImports() {
  try {
    const response = await call('api/v1/uploads?limit=50');
    if (!response.ok) return [];
    const { items = [] } = parseJson(await response.text()) ?? {};
    return items.filter(({ status }) => status === 'pending' || status === 'processing');
  } catch {
    return [];
  }
}

/** Requests the undo of an import. The status of its task reports when the undo is done. */
export async function undoImport(taskId) {
  let response;
  try {
    response = await call(`api/v1/uploads/${encodeURIComponent(taskId)}/undo`, { method: 'POST' });
  } catch {
    throw new Error('The server does not answer. Try again.');
  }
  if (!response.ok) throw new Error(problemText(response.status, parseJson(await response.text())));
}
