import { isDeepStrictEqual } from 'node:util';
import type { Item } from './item-fields.js';
import type { ItemMapping } from './entity-items.js';
import { SEAL, sealOf } from './item-seal.js';

/** Puts an item that does not exist yet. */
export interface ItemPut {
  readonly Item: Item;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
}

/** Changes an item that exists. */
export interface ItemUpdate {
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
}

/**
 * The write that turns the entity `before` into `after`, or undefined when nothing differs. It names only the
 * attributes that differ, so values of other tools stay. `stored` is the item as it was read (undefined: absent); the
 * write fails unless the attributes that it changes, and the guards of the mapping, still have the values of `stored`.
 * It carries the seal of this product.
 */
export function itemWrite<T>(
  mapping: ItemMapping<T>,
  stored: Item | undefined,
  before: T | undefined,
  after: T,
  at: number,
): ItemPut | ItemUpdate | undefined {
  const wanted = mapping.toItem(after);
  // A put costs both sides less than an update that sets every attribute.
  if (stored === undefined)
    return {
      Item: { ...wanted, [SEAL]: sealOf({ stored, item: wanted, at }) },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': mapping.key },
    };
  const known = before === undefined ? {} : mapping.toItem(before);
  const set = Object.keys(wanted).filter(
    (name) => name !== mapping.key && !isDeepStrictEqual(known[name], wanted[name]),
  );
  const remove = Object.keys(known).filter((name) => !(name in wanted));
  if (set.length + remove.length === 0) return undefined;

  const names = new Placeholders<string>('#');
  const values = new Placeholders<unknown>(':');
  const changes = [
    clause('SET', [
      ...set.map((name) => `${names.for(name)} = ${values.for(wanted[name])}`),
      `${names.for(SEAL)} = ${values.for(sealOf({ stored, item: wanted, at }))}`,
    ]),
    clause(
      'REMOVE',
      remove.map((name) => names.for(name)),
    ),
  ].filter((part) => part !== '');
  const conditions = [
    `attribute_exists(${names.for(mapping.key)})`,
    ...[...new Set([...mapping.guards, ...set, ...remove])].map((name) =>
      name in stored
        ? `${names.for(name)} = ${values.for(stored[name])}`
        : `attribute_not_exists(${names.for(name)})`,
    ),
  ];
  return {
    Key: { [mapping.key]: stored[mapping.key] },
    UpdateExpression: changes.join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names.swapped(),
    ExpressionAttributeValues: values.swapped(),
  };
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${keyword} ${parts.join(', ')}`;
}

/** Placeholders for names and values: any name may be a reserved word of DynamoDB. */
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
