import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Variables } from './app.js';

/** A secret of Standard Webhooks, for tests. */
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A webhook receiver on loopback. */
export function webhook(name: string, url: string, more: object = {}): object {
  return { name, kind: 'webhook', url, secret: WEBHOOK_SECRET, detail: 'full', allow_private: true, ...more };
}

/** Writes a channels file, and answers the variable that names it. Absent routes send everything to everybody. */
export async function channelsFile(
  folder: string,
  receivers: readonly object[],
  routes: readonly object[] = [
    { match: {}, to: receivers.map((receiver) => ('name' in receiver ? receiver.name : '')) },
  ],
): Promise<Variables> {
  const path = join(folder, 'channels.json');
  await writeFile(path, JSON.stringify({ receivers, routes }));
  return { CHANNELS_FILE: path };
}
