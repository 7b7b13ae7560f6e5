import { createECDH } from 'node:crypto';
import { z } from 'zod';
import type { ReceiverConfig } from '../../../config/channels-config.js';
import { field, secretField, textField } from '../../../config/file-schema.js';
import {
  allowPrivateField,
  commonOf,
  isUrl,
  receiverMapping,
  type CommonFields,
} from '../../../config/receivers.js';
import { Secret } from '../../../config/secret.js';

/** A point on P-256, and a number of its field. */
const VAPID_BYTES = { public: 65, private: 32 };
const OWN_KEY = 'the VAPID key that belongs to vapid_public';

/** Keys are those of VAPID, base64url. `subject` is a mailto: or https: address of the operator. */
export interface WebPushReceiver extends ReceiverConfig {
  readonly kind: 'web_push';
  readonly vapidPublic: string;
  readonly vapidPrivate: Secret;
  readonly subject: string;
  readonly allowPrivate: boolean;
}

/** Whether a receiver of the channels file is one of this kind. */
export function isWebPushReceiver(receiver: ReceiverConfig): receiver is WebPushReceiver {
  return receiver.kind === 'web_push';
}

export const WEB_PUSH_FIELDS = {
  vapid_public: field(
    textField('a VAPID key', isKey(VAPID_BYTES.public)),
    'The public key of VAPID. `npx web-push generate-vapid-keys` makes a pair.',
  ),
  vapid_private: field(secretField(OWN_KEY, isKey(VAPID_BYTES.private)), 'The private key of the pair.'),
  subject: field(
    textField('a mailto: or https: address', isUrl(['mailto:', 'https:'])),
    'Where push services reach the operator.',
  ),
  allow_private: allowPrivateField(),
};

const vapidPair = z.object({
  vapid_public: WEB_PUSH_FIELDS.vapid_public,
  vapid_private: z.instanceof(Secret),
});

/** Reads a receiver. A pair that does not belong together would be refused by push services, one message at a time. */
export function webPushSchema(common: CommonFields) {
  return receiverMapping(common, 'web_push', WEB_PUSH_FIELDS)
    .refine((raw) => publicKeyOf(raw.vapid_private.reveal()) === raw.vapid_public.replace(/=+$/, ''), {
      path: ['vapid_private'],
      error: `must be ${OWN_KEY}`,
      when: ({ value }) => vapidPair.safeParse(value).success,
    })
    .transform(({ vapid_public, vapid_private, subject, allow_private, ...raw }): WebPushReceiver => ({
      ...commonOf(raw),
      kind: 'web_push',
      vapidPublic: vapid_public,
      vapidPrivate: vapid_private,
      subject,
      allowPrivate: allow_private,
    }));
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

function isKey(bytes: number): (text: string) => boolean {
  return (text) => /^[\w-]+=*$/.test(text) && Buffer.from(text, 'base64url').length === bytes;
}
