import { createECDH } from 'node:crypto';
import { egressProblem } from '../domain/notifications/egress-policy.js';
import { parseWebhookSecret } from '../domain/notifications/webhook-secret.js';
import {
  DETAILS,
  type Detail,
  type ReceiverConfig,
  type ReceiverKind,
  type WebPushReceiver,
} from './channels-config.js';
import type { FileFields } from './file-reader.js';
import { Secret } from './secret.js';

const KINDS: readonly ReceiverKind[] = ['webhook', 'slack', 'teams', 'email', 'web_push'];
const DAY_MS = 86_400_000;
/** A point on P-256, and a number of its field. */
const VAPID_BYTES = { public: 65, private: 32 };

/** Reads one receiver; undefined when something about it is wrong, which the fields have said then. */
export function receiverOf(fields: FileFields, detail: Detail): ReceiverConfig | undefined {
  const kind = fields.word('kind', KINDS);
  const base = {
    name: fields.text('name', 'small letters, digits and hyphens, at most 60', isName),
    detail: fields.word('detail', DETAILS, detail) ?? detail,
    retryMaxMs: fields.duration('retry_max', 30_000, 1_000),
    giveUpMs: fields.duration('give_up', DAY_MS, 1_000),
    timeoutMs: fields.duration('timeout', 15_000, 100),
  };
  const receiver = kind && { ...base, ...ofKind(fields, kind) };
  fields.end();
  return receiver;
}

type OfKind<Receiver> = Receiver extends ReceiverConfig
  ? Omit<Receiver, 'name' | 'detail' | 'retryMaxMs' | 'giveUpMs' | 'timeoutMs'>
  : never;

function ofKind(fields: FileFields, kind: ReceiverKind): OfKind<ReceiverConfig> {
  switch (kind) {
    case 'webhook': {
      const allowPrivate = fields.flag('allow_private');
      const expected = allowPrivate
        ? 'an http or https address without user name and password'
        : 'a public https address without user name and password (allow_private: true permits http, and addresses of private networks)';
      const isGood = (text: string): boolean =>
        isUrl(['https:', 'http:'])(text) && egressProblem(text, allowPrivate) === undefined;
      const url = new Secret(fields.text('url', expected, isGood));
      return { kind, url, secrets: secretsOf(fields), allowPrivate };
    }
    case 'slack':
    case 'teams':
      return { kind, url: new Secret(fields.text('url', 'an https address', isUrl(['https:', 'http:']))) };
    case 'email':
      return {
        kind,
        smtp: new Secret(
          fields.text('smtp', 'an address like smtps://user:password@host:465', isUrl(['smtp:', 'smtps:'])),
        ),
        from: fields.text('from', 'a mail address', isMailAddress),
        to: recipientsOf(fields),
      };
    case 'web_push':
      return {
        kind,
        ...vapidOf(fields),
        subject: fields.text('subject', 'a mailto: or https: address', isUrl(['mailto:', 'https:'])),
        allowPrivate: fields.flag('allow_private'),
      };
  }
}

/** A pair that does not belong together would be refused by push services, one message at a time. */
function vapidOf(fields: FileFields): Pick<WebPushReceiver, 'vapidPublic' | 'vapidPrivate'> {
  const vapidPublic = fields.text('vapid_public', 'a VAPID key', isKey(VAPID_BYTES.public));
  const expected = 'the VAPID key that belongs to vapid_public';
  const belongs = (text: string): boolean =>
    isKey(VAPID_BYTES.private)(text) && publicKeyOf(text) === vapidPublic.replace(/=+$/, '');
  return { vapidPublic, vapidPrivate: new Secret(fields.text('vapid_private', expected, belongs)) };
}

function publicKeyOf(privateKey: string): string | undefined {
  try {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(privateKey, 'base64url');
    return pair.getPublicKey('base64url');
  } catch {
    return undefined; // no number of that field
  }
}

function secretsOf(fields: FileFields): Secret[] {
  const texts = fields.texts('secret');
  if (texts?.every((text) => parseWebhookSecret(text) !== undefined) !== true)
    fields.complain('secret', 'whsec_ and 24 to 64 random bytes in base64, or a list of such');
  return (texts ?? []).map((text) => new Secret(text));
}

function recipientsOf(fields: FileFields): string[] {
  const to = fields.texts('to');
  const isGood = to?.every(isMailAddress) === true && new Set(to).size === to.length;
  if (!isGood) fields.complain('to', 'a list of different mail addresses');
  return to ?? [];
}

function isName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(text);
}

function isUrl(schemes: readonly string[]): (text: string) => boolean {
  return (text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return schemes.includes(protocol) && (hostname !== '' || protocol === 'mailto:');
  };
}

/** As strict as is needed to put it into a header: `name@host`, perhaps with a name before it in `<>`. */
function isMailAddress(text: string): boolean {
  const [, bare = text] = /^[^<>\r\n]*<([^<>]+)>$/.exec(text) ?? [];
  return /^[^\s<>@",;]{1,64}@[^\s<>@",;]{1,189}$/.test(bare);
}

function isKey(bytes: number): (text: string) => boolean {
  return (text) => /^[\w-]+=*$/.test(text) && Buffer.from(text, 'base64url').length === bytes;
}
