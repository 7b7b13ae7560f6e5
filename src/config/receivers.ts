import { z } from 'zod';
import { DETAILS, type Detail, type ReceiverConfig } from './channels-config.js';
import {
  durationField,
  field,
  flagField,
  mapping,
  secretField,
  textField,
  wordField,
} from './file-schema.js';

const DAY_MS = 86_400_000;

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

export type CommonFields = ReturnType<typeof commonFields>;

/** Reads a receiver of one kind from its mapping in the channels file. */
export type ReceiverSchema<Receiver extends ReceiverConfig> = z.ZodType<Receiver> &
  z.core.$ZodTypeDiscriminable;

/** What the channels file may say of one kind of receiver. The channel of that kind provides it. */
export interface ReceiverKind<Receiver extends ReceiverConfig = ReceiverConfig> {
  /** What a receiver of this kind gets: a sentence of the reference. */
  readonly purpose: string;
  /** The fields beside the common ones, each with its purpose. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** Reads `common`, `kind` and the fields of the kind, and refuses every other field. */
  schema(common: CommonFields): ReceiverSchema<Receiver>;
}

/** Every kind that the channels file may name, by that name. */
export type ReceiverKinds = Readonly<Record<string, ReceiverKind>>;

/** The mapping of a receiver: the common fields, its kind and the fields of that kind. */
export function receiverMapping<const Kind extends string, Fields extends z.ZodRawShape>(
  common: CommonFields,
  kind: Kind,
  fields: Fields,
) {
  return mapping({ ...common, kind: z.literal(kind), ...fields });
}

/** What {@link commonFields} have read, as every receiver has it. */
export function commonOf({
  name,
  detail,
  retry_max,
  give_up,
  timeout,
}: z.output<z.ZodObject<CommonFields>>): Omit<ReceiverConfig, 'kind'> {
  return { name, detail, retryMaxMs: retry_max, giveUpMs: give_up, timeoutMs: timeout };
}

/** `allow_private`, for a kind whose addresses are checked. */
export const allowPrivateField = () =>
  field(
    flagField(),
    'Permits http, and addresses of private networks, for a receiver inside your network.',
    '`false`',
  );

/** The address of an incoming webhook, which is a credential. */
export const hookAddressField = () => secretField('an https address', isUrl(['https:', 'http:']));

/** One receiver of any of the kinds. `detail`: for one that does not set it. */
export function receiverSchema(detail: Detail, kinds: ReceiverKinds) {
  const common = commonFields(detail);
  const names = Object.keys(kinds);
  const [first, ...more] = Object.values(kinds).map((kind) => kind.schema(common));
  if (first === undefined)
    throw new Error('A channels file can be read only with the kinds of its receivers');
  const hasUnknownKind = z.looseObject({
    kind: z.unknown().refine((kind) => typeof kind !== 'string' || !Object.hasOwn(kinds, kind)),
  });
  const mappingOfCommon = z.object(common, { error: 'must be a mapping' });
  return z
    .discriminatedUnion('kind', [first, ...more], {
      error: ({ input }) => (isMapping(input) ? `must be one of ${names.join(', ')}` : 'must be a mapping'),
    })
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

/** Whether a text can name a receiver. */
export function isReceiverName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(text);
}

/** Whether a text is a URL of one of these schemes (`https:`), with a host unless it is a mail address. */
export function isUrl(schemes: readonly string[]): (text: string) => boolean {
  return (text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return schemes.includes(protocol) && (hostname !== '' || protocol === 'mailto:');
  };
}
