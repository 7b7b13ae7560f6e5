import { expect, it } from '@jest/globals';
import type { Issued, TicketStore } from '../../src/platform/auth/ticket-store.js';
import type { Clock } from '../../src/lib/clock.js';

const LIFE_MS = 30_000;

/** What every store of tickets promises; two instances' views of the same tickets. */
export function ticketStoreContract(
  open: () => { readonly stores: readonly [TicketStore, TicketStore]; readonly clock: Clock },
): void {
  const issuedAt = (clock: Clock, ms = LIFE_MS): Issued => ({
    admission: {
      caller: { subject: 'ada', role: 'manager', departments: ['sales'] },
      expiresAt: clock.now() + LIFE_MS,
    },
    origin: 'https://portal.example',
    expiresAt: clock.now() + ms,
  });

  it('gives a ticket to one of those who ask, once, with all that it stands for', async () => {
    const { stores, clock } = open();
    const issued = issuedAt(clock);
    expect(await stores[0].put('a', issued)).toBe('kept');
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stores[index % 2 === 0 ? 0 : 1].take('a')),
    );
    expect(asked.filter((found) => found !== undefined)).toEqual([issued]);
    expect(await stores[0].take('a')).toBeUndefined();
  });

  it('keeps what there is not', async () => {
    const { stores, clock } = open();
    const issued = { ...issuedAt(clock), origin: undefined };
    await stores[0].put('b', issued);
    expect((await stores[0].take('b'))?.origin).toBeUndefined();
    expect(await stores[0].take('nothing')).toBeUndefined();
  });
}
