import { isDeepStrictEqual } from 'node:util';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item } from './dynamo-tables.js';
import type { ItemMapping } from './entity-items.js';
import { SEAL, sealOf } from './item-seal.js';

type Update = Pick<
  UpdateCommandInput,
  | 'Key'
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
>;

/**
 * The update that turns what the entity was into what it is to be, or undefined when nothing differs. Attributes that
 * do not differ are not named, so what other tools put there stays. `stored` is the item as it was read (undefined:
 * absent); the update fails unless what it changes, and what the decision hung on, still is as in it. It is sealed as ours.
 */
export function itemUpdate<T>(
  mapping: ItemMapping<T>,
  id: string,
  stored: Item | undefined,
  before: T | undefined,
  after: T,
  at: number,
): Update | undefined {
  const known = before === undefined ? {} : mapping.toItem(before);
  const wanted = mapping.toItem(after);
  const set = Object.keys(wanted).filter(
    (name) => name !== mapping.key && !isDeepStrictEqual(known[name], wanted[name]),
  );
  const remove = Object.keys(known).filter((name) => !(name in wanted));
  if (stored !== undefined && set.length + remove.length === 0) return undefined;

  const names = new Placeholders<string>('#');
  const values = new Placeholders<unknown>(':');
  const changes = [
    clause('SET', [
      ...set.map((name) => `${names.for(name)} = ${values.for(wanted[name])}`),
      `${names.for(SEAL)} = ${values.for(sealOf(mapping, { stored, after, at }))}`,
    ]),
    clause(
      'REMOVE',
      remove.map((name) => names.for(name)),
    ),
  ].filter((part) => part !== '');
  const conditions =
    stored === undefined
      ? [`attribute_not_exists(${names.for(mapping.key)})`]
      : [
          `attribute_exists(${names.for(mapping.key)})`,
          ...[...new Set([...mapping.guards, ...set, ...remove])].map((name) =>
            name in stored
              ? `${names.for(name)} = ${values.for(stored[name])}`
              : `attribute_not_exists(${names.for(name)})`,
          ),
        ];
  return {
    Key: { [mapping.key]: id },
    UpdateExpression: changes.join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names.swapped(),
    ExpressionAttributeValues: values.swapped(),
  };
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${keyword} ${parts.join(', ')}`;
}

/** Stand-ins for names and values, which DynamoDB wants since any of them may be a reserved word. */
class Placeholders<T> {
  private readonly known = new Map<T, string>();

  constructor(private readonly mark: string) {}

  for(subject: T): string {
    let placeholder = this.known.get(subject);
    if (placeholder === undefined) this.known.set(subject, (placeholder = `${this.mark}p${this.known.size}`));
    return placeholder;
  }

  swapped(): Record<string, T> {
    return Object.fromEntries([...this.known].map(([subject, placeholder]) => [placeholder, subject]));
  }
}
