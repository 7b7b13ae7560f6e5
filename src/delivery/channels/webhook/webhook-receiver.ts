import { z } from 'zod';
import type { ReceiverConfig } from '../../../config/channels-config.js';
import { field, secretField, textsField, worded } from '../../../config/file-schema.js';
import {
  allowPrivateField,
  commonOf,
  isUrl,
  receiverMapping,
  type CommonFields,
} from '../../../config/receivers.js';
import { Secret } from '../../../config/secret.js';
import { egressProblem } from '../../../domain/notifications/egress-policy.js';
import { parseWebhookSecret } from '../../../domain/notifications/webhook-secret.js';

const PUBLIC_ADDRESS =
  'a public https address without user name and password (allow_private: true permits http, and addresses of private networks)';
const ANY_ADDRESS = 'an http or https address without user name and password';
const WEBHOOK_SECRET = 'whsec_ and 24 to 64 random bytes in base64, or a list of such';

/** Standard Webhooks. The first secret signs first; the others are those that are being rotated out. */
export interface WebhookReceiver extends ReceiverConfig {
  readonly kind: 'webhook';
  readonly url: Secret;
  readonly secrets: readonly Secret[];
  readonly allowPrivate: boolean;
}

export const WEBHOOK_FIELDS = {
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
  allow_private: allowPrivateField(),
};

/** Where both parts are good, they are looked at together, whatever else is wrong. */
const addressUse = z.object({ url: z.instanceof(Secret), allow_private: z.boolean() });
type AddressUse = z.infer<typeof addressUse>;

/** Reads a webhook receiver; its address must be one that may be called. */
export function webhookSchema(common: CommonFields) {
  const addressOf = (value: unknown): AddressUse | undefined => addressUse.safeParse(value).data;
  return receiverMapping(common, 'webhook', WEBHOOK_FIELDS)
    .refine((raw) => egressProblem(raw.url.reveal(), raw.allow_private) === undefined, {
      path: ['url'],
      error: ({ input }) =>
        `must be ${addressOf(input)?.allow_private === true ? ANY_ADDRESS : PUBLIC_ADDRESS}`,
      when: ({ value }) => addressOf(value) !== undefined,
    })
    .transform(({ url, secret, allow_private, ...raw }): WebhookReceiver => ({
      ...commonOf(raw),
      kind: 'webhook',
      url,
      secrets: secret,
      allowPrivate: allow_private,
    }));
}
