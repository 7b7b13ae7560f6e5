import { createECDH } from 'node:crypto';
import { z } from 'zod';
import { egressProblem } from '../domain/notifications/egress-policy.js';
import { parseWebhookSecret } from '../domain/notifications/webhook-secret.js';
import {
  DETAILS,
  type Detail,
  type EmailReceiver,
  type SlackReceiver,
  type TeamsReceiver,
  type WebhookReceiver,
  type WebPushReceiver,
} from './channels-config.js';
import {
  durationField,
  field,
  flagField,
  mapping,
  secretField,
  textField,
  textsField,
  wordField,
  worded,
} from './file-schema.js';
import { Secret } from './secret.js';

const DAY_MS = 86_400_000;
/** A point on P-256, and a number of its field. */
const VAPID_BYTES = { public: 65, private: 32 };
const PUBLIC_ADDRESS =
  'a public https address without user name and password (allow_private: true permits http, and addresses of private networks)';
const ANY_ADDRESS = 'an http or https address without user name and password';
const WEBHOOK_SECRET = 'whsec_ and 24 to 64 random bytes in base64, or a list of such';
const RECIPIENTS = 'a list of different mail addresses';
const OWN_KEY = 'the VAPID key that belongs to vapid_public';

/** What every receiver has. */
export function commonFields(detail: Detail) {
  return {
    name: field(
      textField('small letters, digits and hyphens, at most 60', isReceiverName),
      'The name by which routes, the API and metrics refer to the receiver. No two are the same. A receiver that gets another name begins anew.',
    ),
    detail: field(
      wordField(DETAILS).default(detail),
      '`thin`: type, department, count and link. `full`: names and scores too.',
      'what `CHANNEL_DETAIL` says',
    ),
    retry_max: field(
      durationField(1_000).default(30_000),
      'The longest pause between two attempts; `1s` or more.',
      '`30s`',
    ),
    give_up: field(
      durationField(1_000).default(DAY_MS),
      'A message that fails for longer becomes a dead letter; `1s` or more.',
      '`24h`',
    ),
    timeout: field(
      durationField(100).default(15_000),
      'How long one attempt may take; `100ms` or more.',
      '`15s`',
    ),
  };
}

interface Common {
  readonly name: string;
  readonly detail: Detail;
  readonly retry_max: number;
  readonly give_up: number;
  readonly timeout: number;
}

const baseOf = ({ name, detail, retry_max, give_up, timeout }: Common) => ({
  name,
  detail,
  retryMaxMs: retry_max,
  giveUpMs: give_up,
  timeoutMs: timeout,
});

const allowPrivate = () =>
  field(
    flagField(),
    'Permits http, and addresses of private networks, for a receiver inside your network.',
    '`false`',
  );
const hookAddress = () => secretField('an https address', isUrl(['https:', 'http:']));

/** What a receiver of each kind has beside. */
export const KIND_FIELDS = {
  webhook: {
    url: field(
      secretField(PUBLIC_ADDRESS, isUrl(['https:', 'http:'])),
      'Where events are posted, one a call; see [webhooks](webhooks.md).',
    ),
    secret: field(
      worded(
        WEBHOOK_SECRET,
        textsField(WEBHOOK_SECRET)
          .refine((texts) => texts.every((text) => parseWebhookSecret(text) !== undefined), {
            error: `must be ${WEBHOOK_SECRET}`,
          })
          .transform((texts) => texts.map((text) => new Secret(text))),
      ),
      'What calls are signed with (Standard Webhooks). The first of a list signs first; the others are being rotated out. `echo "whsec_$(openssl rand -base64 32)"` makes one.',
    ),
    allow_private: allowPrivate(),
  },
  slack: { url: field(hookAddress(), 'The address of an incoming webhook of Slack.') },
  teams: {
    url: field(
      hookAddress(),
      'The address of a Workflows webhook of Teams ("When a Teams webhook request is received").',
    ),
  },
  email: {
    smtp: field(
      secretField('an address like smtps://user:password@host:465', isUrl(['smtp:', 'smtps:'])),
      'The mail server.',
    ),
    from: field(textField('a mail address', isMailAddress), 'The sender.'),
    to: field(
      textsField(RECIPIENTS).refine((to) => to.every(isMailAddress) && new Set(to).size === to.length, {
        error: `must be ${RECIPIENTS}`,
      }),
      'The recipients; each gets a mail of its own.',
    ),
  },
  web_push: {
    vapid_public: field(
      textField('a VAPID key', isKey(VAPID_BYTES.public)),
      'The public key of VAPID. `npx web-push generate-vapid-keys` makes a pair.',
    ),
    vapid_private: field(secretField(OWN_KEY, isKey(VAPID_BYTES.private)), 'The private key of the pair.'),
    subject: field(
      textField('a mailto: or https: address', isUrl(['mailto:', 'https:'])),
      'Where push services reach the operator.',
    ),
    allow_private: allowPrivate(),
  },
};

type Kind = keyof typeof KIND_FIELDS;

/** What a receiver of each kind gets. */
export const KIND_PURPOSES: Readonly<Record<Kind, string>> = {
  webhook:
    'A program of yours gets every event, one a call, in the form of Standard Webhooks. It must be reachable at a public https address, unless `allow_private` is true.',
  slack: 'A channel of Slack gets messages, at most one a second.',
  teams: 'A channel of Microsoft Teams gets Adaptive Cards.',
  email: 'Each recipient gets mails, one thread for each alert.',
  web_push: 'Every browser that subscribed gets a push notification.',
};

/** One receiver of any kind. `detail`: for one that does not set it. */
export function receiverSchema(detail: Detail) {
  const common = commonFields(detail);
  const of = <const K extends Kind>(kind: K) =>
    mapping({ ...common, kind: z.literal(kind), ...KIND_FIELDS[kind] });
  const kinds = Object.keys(KIND_FIELDS);
  const mappingOfCommon = z.object(common, { error: 'must be a mapping' });
  return z
    .discriminatedUnion(
      'kind',
      [
        webhookSchema(common),
        of('slack').transform((raw): SlackReceiver => ({ ...baseOf(raw), kind: 'slack', url: raw.url })),
        of('teams').transform((raw): TeamsReceiver => ({ ...baseOf(raw), kind: 'teams', url: raw.url })),
        of('email').transform(({ smtp, from, to, ...raw }): EmailReceiver => ({
          ...baseOf(raw),
          kind: 'email',
          smtp,
          from,
          to,
        })),
        webPushSchema(common),
      ],
      {
        error: ({ input }) => (isMapping(input) ? `must be one of ${kinds.join(', ')}` : 'must be a mapping'),
      },
    )
    .superRefine(
      (item, context) => {
        // Of a receiver of an unknown kind, what all kinds have is checked at least.
        for (const issue of mappingOfCommon.safeParse(item).error?.issues ?? [])
          context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
      },
      { when: ({ value }) => hasUnknownKind.safeParse(value).success },
    );
}

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasUnknownKind = z.looseObject({
  kind: z.unknown().refine((kind) => typeof kind !== 'string' || !Object.hasOwn(KIND_FIELDS, kind)),
});

type CommonFields = ReturnType<typeof commonFields>;

function webhookSchema(common: CommonFields) {
  const addressOf = (value: unknown): AddressUse | undefined => addressUse.safeParse(value).data;
  return mapping({ ...common, kind: z.literal('webhook'), ...KIND_FIELDS.webhook })
    .refine((raw) => egressProblem(raw.url.reveal(), raw.allow_private) === undefined, {
      path: ['url'],
      error: ({ input }) =>
        `must be ${addressOf(input)?.allow_private === true ? ANY_ADDRESS : PUBLIC_ADDRESS}`,
      when: ({ value }) => addressOf(value) !== undefined,
    })
    .transform(({ url, secret, allow_private, ...raw }): WebhookReceiver => ({
      ...baseOf(raw),
      kind: 'webhook',
      url,
      secrets: secret,
      allowPrivate: allow_private,
    }));
}

/** Where both parts are good, they are looked at together, whatever else is wrong. */
const addressUse = z.object({ url: z.instanceof(Secret), allow_private: z.boolean() });
type AddressUse = z.infer<typeof addressUse>;

/** A pair that does not belong together would be refused by push services, one message at a time. */
function webPushSchema(common: CommonFields) {
  return mapping({ ...common, kind: z.literal('web_push'), ...KIND_FIELDS.web_push })
    .refine((raw) => publicKeyOf(raw.vapid_private.reveal()) === raw.vapid_public.replace(/=+$/, ''), {
      path: ['vapid_private'],
      error: `must be ${OWN_KEY}`,
      when: ({ value }) => vapidPair.safeParse(value).success,
    })
    .transform(({ vapid_public, vapid_private, subject, allow_private, ...raw }): WebPushReceiver => ({
      ...baseOf(raw),
      kind: 'web_push',
      vapidPublic: vapid_public,
      vapidPrivate: vapid_private,
      subject,
      allowPrivate: allow_private,
    }));
}

const vapidPair = z.object({
  vapid_public: KIND_FIELDS.web_push.vapid_public,
  vapid_private: z.instanceof(Secret),
});

function publicKeyOf(privateKey: string): string | undefined {
  try {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(privateKey, 'base64url');
    return pair.getPublicKey('base64url');
  } catch {
    return undefined; // no number of that field
  }
}

export function isReceiverName(text: string): boolean {
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
