import { describe, expect, it } from '@jest/globals';
import { tagOf } from '../../../../../src/delivery/channels/web-push/push-message.js';
import {
  clearOf,
  critical,
  notificationOf,
  stress,
} from '../../../../support/generators/push-notifications.js';

const KEY = Buffer.alloc(16, 7);
const tag = (...[events, differing]: Parameters<typeof notificationOf>) =>
  tagOf(notificationOf(events, differing), KEY);

describe('the tag of a push message', () => {
  it('is a topic that push services take, and always the same', () => {
    expect(tag([critical(7)])).toBe('RQRpkdSZjAm9f5Hx8Ta50keOEQpL6k_b');
    expect(tag([critical(7), stress(8)])).toMatch(/^[\w-]{32}$/);
  });

  it('is the same for raise, reminder and end of one alert', () => {
    const raise = tag([stress(7)]);
    expect(tag([stress(7)], { id: 'n-2', kind: 'reminder' })).toBe(raise);
    expect(tag([clearOf(stress(7))], { id: 'n-3' })).toBe(raise);
  });

  it('is another one for another alert', () => {
    const raise = tag([stress(7)]);
    expect(tag([stress(8)])).not.toBe(raise);
    expect(tag([{ ...critical(7), entityId: 'E7' }])).not.toBe(raise);
  });

  it('is of its own for a digest, a test, and one event of many', () => {
    const digest = [stress(7), stress(8)];
    expect(tag(digest)).toBe(tag(digest));
    expect(tag(digest, { id: 'n-2' })).not.toBe(tag(digest));
    expect(tag([], { kind: 'test', id: 'n-2' })).not.toBe(tag([], { kind: 'test' }));
    expect(tag([stress(7)], { digest: notificationOf(digest).digest })).not.toBe(tag([stress(7)]));
  });

  it('cannot be made, and so guessed, without what the device shares', () => {
    const other = tagOf(notificationOf([stress(7)]), Buffer.alloc(16, 8));
    expect(other).not.toBe(tag([stress(7)]));
  });
});
