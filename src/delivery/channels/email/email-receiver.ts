import type { ReceiverConfig } from '../../../config/channels-config.js';
import { field, secretField, textField, textsField } from '../../../config/file-schema.js';
import { commonOf, isUrl, receiverMapping, type CommonFields } from '../../../config/receivers.js';
import type { Secret } from '../../../config/secret.js';

const RECIPIENTS = 'a list of different mail addresses';

/** `smtp` is an address like `smtps://user:password@host:465`. */
export interface EmailReceiver extends ReceiverConfig {
  readonly kind: 'email';
  readonly smtp: Secret;
  readonly from: string;
  readonly to: readonly string[];
}

export const EMAIL_FIELDS = {
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
};

/** Reads a receiver of mails. */
export function emailSchema(common: CommonFields) {
  return receiverMapping(common, 'email', EMAIL_FIELDS).transform(
    ({ smtp, from, to, ...raw }): EmailReceiver => ({
      ...commonOf(raw),
      kind: 'email',
      smtp,
      from,
      to,
    }),
  );
}

/** As strict as is needed to put it into a header: `name@host`, perhaps with a name before it in `<>`. */
function isMailAddress(text: string): boolean {
  const [, bare = text] = /^[^<>\r\n]*<([^<>]+)>$/.exec(text) ?? [];
  return /^[^\s<>@",;]{1,64}@[^\s<>@",;]{1,189}$/.test(bare);
}
