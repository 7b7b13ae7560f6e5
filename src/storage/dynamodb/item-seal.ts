import { hash } from 'node:crypto';
import type { ChangeOrigin } from '../ports/change-stream.js';
import type { Item } from './item-fields.js';
import type { ItemMapping } from './entity-items.js';

/** The attribute that marks the writes of this product. */
export const SEAL = 'pw_seal';

/** Characters of the digest: 96 bits. */
const DIGEST_LENGTH = 16;
/** The largest difference between the clocks of an instance and of DynamoDB; AWS refuses a request beyond it anyway. */
const CLOCKS_APART_MS = 300_000;

/** The content of a seal: the entity after a write, and the item that the write is based on. */
interface Sealed {
  readonly stored: Item | undefined;
  /** The entity as its mapping writes it, with its key and without attributes of other tools. */
  readonly item: Item;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The seal of a write. It is valid only for this entity with this content, after the seal before, and at this time: an
 * item that another tool copies to another id, or restores from an old state, has no valid seal.
 */
export function sealOf({ stored, item, at }: Sealed): string {
  const time = Math.trunc(at).toString(36);
  const content = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = hash('sha256', JSON.stringify([stored?.[SEAL] ?? null, time, content]), 'base64url');
  return `${time}.${digest.slice(0, DIGEST_LENGTH)}`;
}

/**
 * The author of the write of `now` on top of `stored`, at the time `at` of DynamoDB. A new seal that is not valid may
 * still be of this product: when another tool changed the item between the read and the write, or when a clock is
 * wrong.
 */
export function originOf<T>(
  mapping: ItemMapping<T>,
  { id, stored, now, at }: Omit<Sealed, 'item'> & { readonly id: string; readonly now: Item | undefined },
): ChangeOrigin {
  if (now === undefined) return 'unclear';
  const seal = now[SEAL];
  if (seal === undefined || seal === stored?.[SEAL]) return 'other';
  if (typeof seal !== 'string') return 'unclear';
  const sealedAt = parseInt(seal, 36);
  if (!(Math.abs(at - sealedAt) <= CLOCKS_APART_MS)) return 'unclear';
  const item = mapping.toItem(mapping.fromItem(id, now));
  return seal === sealOf({ stored, item, at: sealedAt }) ? 'own' : 'unclear';
}
