import type { ZonedTime } from '../../../lib/zoned-time.js';

/** What messages for chats need beside the notification. */
export interface ChatContext {
  readonly time: ZonedTime;
  /** The address of the live page; undefined where it cannot be reached. */
  readonly link: string | undefined;
}

/** The text of the link to the live page. */
export const OPEN = 'Open Pulsewatch';
/** A longer address is left out: it would take the room of the message itself. */
const LINK_CHARACTERS = 2_000;

/** The address that a message shows, if there is one. */
export function shownLink({ link }: ChatContext): string | undefined {
  return link !== undefined && link.length <= LINK_CHARACTERS ? link : undefined;
}

/** A time for people: `2026-11-22 20:12 UTC+07:00`. */
export function timeText(at: number, time: ZonedTime): string {
  const iso = time.iso(at);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC${iso.slice(23)}`;
}

/** The longest beginning of a list whose costs add up to no more than the budget. */
export function fitting<T>(
  items: readonly T[],
  budget: number,
  costOf: (item: T) => number,
): { readonly kept: readonly T[]; readonly cost: number } {
  let cost = 0;
  for (const [index, item] of items.entries()) {
    const next = cost + costOf(item);
    if (next > budget) return { kept: items.slice(0, index), cost };
    cost = next;
  }
  return { kept: items, cost };
}
