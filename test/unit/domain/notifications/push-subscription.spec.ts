import { describe, expect, it } from '@jest/globals';
import {
  MAX_SUBSCRIPTIONS,
  MAX_SUBSCRIPTIONS_OF_SUBJECT,
  roomFor,
} from '../../../../src/domain/notifications/push-subscription.js';

const devices = (count: number, subject?: string) =>
  Array.from({ length: count }, (_, n) => ({
    id: `${subject ?? 'any'} ${n}`,
    subject: subject ?? `someone ${n}`,
  }));
const wanted = { id: 'new', subject: 'ada' };

describe('room for a push subscription', () => {
  it('is there until the receiver has as many as it may', () => {
    expect(roomFor(wanted, [])).toBe('room');
    expect(roomFor(wanted, devices(MAX_SUBSCRIPTIONS - 1))).toBe('room');
    expect(roomFor(wanted, devices(MAX_SUBSCRIPTIONS))).toBe('receiver_full');
  });

  it('is there until the subject has as many as it may, whatever others have', () => {
    const others = devices(500);
    expect(roomFor(wanted, [...others, ...devices(MAX_SUBSCRIPTIONS_OF_SUBJECT - 1, 'ada')])).toBe('room');
    const full = [...others, ...devices(MAX_SUBSCRIPTIONS_OF_SUBJECT, 'ada')];
    expect(roomFor(wanted, full)).toBe('subject_full');
    expect(roomFor({ ...wanted, subject: 'grace' }, full)).toBe('room');
  });

  it('is there for one that replaces itself', () => {
    const own = devices(MAX_SUBSCRIPTIONS_OF_SUBJECT, 'ada');
    expect(roomFor({ id: 'ada 3', subject: 'ada' }, own)).toBe('room');
    expect(roomFor({ id: 'any 3', subject: 'someone 3' }, devices(MAX_SUBSCRIPTIONS))).toBe('room');
    expect(roomFor({ id: 'any 3', subject: 'ada' }, [...own, ...devices(9)])).toBe('subject_full');
  });
});
