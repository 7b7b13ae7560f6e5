import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { webhookSignature } from '../../../src/delivery/channels/webhook/webhook.notifier.js';
import { WEBHOOK_STATUSES } from '../../../src/delivery/channels/webhook/webhook-status.js';
import { Secret } from '../../../src/config/secret.js';
import { parseWebhookSecret } from '../../../src/domain/notifications/webhook-secret.js';
import { STRESS_RAISED, notificationOf } from '../../support/generators/notifications.js';
import { WEBHOOK_SECRET, WebhookHarness } from '../../support/app/webhook-harness.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const page = await readFile(new URL('../../../docs/reference/webhooks.md', import.meta.url), 'utf8');
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 'other').toString('base64')}`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The one piece of code of that language on the page. */
function snippet(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page) ?? [];
  if (code === undefined) throw new Error(`no ${language} on the page`);
  return code;
}

describe('docs/reference/webhooks.md', () => {
  it('names the statuses that are retried', () => {
    const retried = WEBHOOK_STATUSES.filter(({ means }) => means === 'retry');
    const names = retried.map(({ from, to }) => (from === to ? String(from) : `${from / 100}xx`));
    expect(page).toMatch(new RegExp(`\\| ${names.join(', ')} +\\| It is sent again, no sooner than`));
  });
});

describe('its receiver in Node', () => {
  const room = new WebhookHarness();
  let child: ChildProcess | undefined;

  afterEach(async () => {
    await room.close();
    child?.kill();
    if (child) await once(child, 'exit');
  });

  it('accepts what a webhook sends, and nothing of anybody else', async () => {
    const code = snippet('js').replace('listen(3000,', 'listen(0,');
    const told = `${code}\nserver.on('listening', () => console.log(server.address().port));`;
    child = spawn(process.execPath, ['--input-type=module', '-e', told], {
      cwd: ROOT,
      env: { HOOK_SECRET: WEBHOOK_SECRET },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!child.stdout) throw new Error('no output');
    const lines = createInterface(child.stdout);
    const [port] = (await once(lines, 'line')) as [string];
    const line = once(lines, 'line');
    const deliver = (secret: string) =>
      room
        .channelTo(`http://127.0.0.1:${port}`, { secrets: [new Secret(secret)] })
        .deliver(notificationOf([STRESS_RAISED]), new AbortController().signal);
    expect(await deliver(OTHER_SECRET)).toEqual({ outcome: 'failed', retryable: false, reason: 'HTTP 401' });
    expect(await deliver(WEBHOOK_SECRET)).toEqual({ outcome: 'delivered' });
    expect(await line).toEqual(['automation.184 employee_stress']);
  });
});

// Python is not needed for anything else here.
(hasPython ? describe : describe.skip)('its verification in Python', () => {
  const BODY = '{"type":"test","data":{"message":"Trần"}}';

  /** What the function returns, or the reason why it refuses. */
  function verified(secret: string, changes: { body?: string; age?: number; keys?: string[] } = {}): string {
    const { body = BODY, age = 0, keys = [WEBHOOK_SECRET] } = changes;
    const timestamp = Math.floor(Date.now() / 1_000) - age;
    const bytes = keys.map((key) => parseWebhookSecret(key) ?? new Uint8Array());
    const headers = {
      'webhook-id': 'automation.184',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature({ id: 'automation.184', timestamp, body: BODY }, bytes),
    };
    const call = `
import sys
secret, headers, body = json.load(sys.stdin)
try:
    print(verify(secret, headers, body.encode())["data"]["message"].encode())
except ValueError as error:
    print(error)
`;
    const input = JSON.stringify([secret, headers, body]);
    return execFileSync('python3', ['-c', snippet('python') + call], { input, encoding: 'utf8' }).trim();
  }

  it('accepts what a webhook sends, whichever secret it knows', () => {
    const accepted = "b'Tr\\xe1\\xba\\xa7n'";
    expect(verified(WEBHOOK_SECRET)).toBe(accepted);
    for (const secret of [WEBHOOK_SECRET, OTHER_SECRET])
      expect(verified(secret, { keys: [WEBHOOK_SECRET, OTHER_SECRET] })).toBe(accepted);
  });

  it('refuses another body, another secret, and what is old or early', () => {
    expect(verified(WEBHOOK_SECRET, { body: `${BODY} ` })).toBe('no signature fits');
    expect(verified(OTHER_SECRET)).toBe('no signature fits');
    for (const age of [302, -310])
      expect(verified(WEBHOOK_SECRET, { age })).toBe('the call is too old or too new');
  });
});
