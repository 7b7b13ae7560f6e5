// Uploads a file and waits for its end.
import { setTimeout as delay } from 'node:timers/promises';

const UNDER_WAY = ['pending', 'processing'];

/** Resolves with the status of the upload once it is completed; looks every so often, and calls `looked` each time. */
export async function upload(url, file, { everyMs = 20, looked = () => undefined } = {}) {
  const body = new FormData();
  body.set('file', file, 'survey.csv');
  const answer = await fetch(`${url}/api/v1/upload`, { method: 'POST', body });
  if (answer.status !== 202) throw new Error(`the file was refused: ${await answer.text()}`);
  const { status_url } = await answer.json();
  let status;
  do {
    await delay(everyMs);
    looked();
    status = await (await fetch(url + status_url)).json();
  } while (UNDER_WAY.includes(status.status));
  if (status.status !== 'completed') throw new Error(`the upload ended as ${JSON.stringify(status)}`);
  return status;
}
