import { describe, expect, it } from '@jest/globals';
import {
  MAX_PAYLOAD_BYTES,
  pushPayload,
  type PayloadOptions,
  type PushPayload,
} from '../../../../../src/delivery/channels/web-push/push-payload.js';
import type { Notification } from '../../../../../src/domain/notifications/notification.js';
import {
  AT,
  clearOf,
  critical,
  notificationOf,
  stress,
} from '../../../../support/generators/push-notifications.js';
import { wordingOf } from '../../../../../src/domain/notifications/notification-text.js';
import { Random } from '../../../../support/generators/random.js';

const OPTIONS: PayloadOptions = {
  detail: 'thin',
  tag: 'T',
  link: 'https://pulsewatch.example.com/',
  form: 'whole',
};
const whole = (notification: Notification, options: Partial<PayloadOptions> = {}): PushPayload =>
  JSON.parse(pushPayload(notification, { ...OPTIONS, ...options })) as PushPayload;
const url = OPTIONS.link;
const base = { id: 'n-1', tag: 'T', at: AT };

describe('the payload of a push message', () => {
  it('tells one alert', () => {
    expect(whole(notificationOf([critical(7)]))).toEqual({
      ...base,
      url,
      title: 'Sales is critical',
      body: 'Sales: critical',
      tone: 'critical',
    });
  });

  it('names nobody unless the receiver has all details', () => {
    const one = notificationOf([stress(7)]);
    expect(whole(one)).toMatchObject({ body: 'Sales: an employee is under stress', tone: 'warning' });
    expect(JSON.stringify(whole(one))).not.toMatch(/Ada|E7|68\.8/);
    expect(whole(one, { detail: 'full' }).body).toBe('Ada Byron (E7, Rep), Sales: stress 68.8');
  });

  it('tells an end', () => {
    expect(whole(notificationOf([clearOf(critical(7, 'R&D'))]))).toMatchObject({
      title: 'Resolved: R&D is critical',
      body: 'Resolved: critical department, R&D (recovered)',
      tone: 'resolved',
    });
  });

  it('tells several: departments by name, and how many people', () => {
    expect(whole(notificationOf([critical(7), stress(8, 'Legal')]))).toMatchObject({
      title: '1 critical department, 1 employee under stress',
      body: 'Sales: critical\nSales: 1 raised\nLegal: 1 raised',
    });
  });

  it('tells many by department, and with all details the most serious first', () => {
    const many = notificationOf(
      Array.from({ length: 12 }, (_, n) => stress(n, n % 3 === 0 ? 'Legal' : 'Sales')),
    );
    expect(whole(many)).toMatchObject({
      title: '12 employees under stress',
      body: 'Legal: 4 raised\nSales: 8 raised',
    });
    const lines = whole(many, { detail: 'full' }).body.split('\n');
    expect(lines).toHaveLength(13);
    expect(lines.slice(9, 12)).toEqual([
      'Ada Byron (E9, Rep), Legal: stress 68.8',
      '2 more are not listed here.',
      'Legal: 4 raised',
    ]);
  });

  it('tells a test', () => {
    expect(whole(notificationOf([], { kind: 'test' }))).toMatchObject({
      title: 'Test message of Pulsewatch',
      body: 'This channel works. Nothing has happened.',
      tone: 'info',
    });
  });

  it('is title and count where the push service takes no more', () => {
    expect(whole(notificationOf([critical(7), stress(8)]), { form: 'short' })).toEqual({
      ...base,
      title: '1 critical department, 1 employee under stress',
      body: '2 alerts',
      tone: 'critical',
    });
    expect(whole(notificationOf([critical(7)]), { form: 'short' }).body).toBe('1 alert');
    expect(whole(notificationOf([], { kind: 'test' }), { form: 'short' }).body).toBe('');
  });

  it('holds no address where there is none, or one that is too long', () => {
    const one = notificationOf([critical(7)]);
    expect(whole(one, { link: undefined })).not.toHaveProperty('url');
    expect(whole(one, { link: `https://h/${'x'.repeat(1_000)}` })).not.toHaveProperty('url');
  });

  it.each(['é', '漢', '😀', '"'])('is cut at the last character that fits: %s', (character) => {
    const name = character.repeat(100);
    const many = notificationOf(Array.from({ length: 10 }, (_, n) => stress(n, name, name)));
    const json = pushPayload(many, { ...OPTIONS, detail: 'full' });
    const { body } = JSON.parse(json) as PushPayload;
    const { lines, departments } = wordingOf(many, 'full');
    const all = lines.join('\n');
    expect(departments).toHaveLength(1);
    const kept = body.slice(0, -1);
    expect([body.slice(-1), all.startsWith(kept)]).toEqual(['…', true]);
    const [next = ''] = Array.from(all.slice(kept.length));
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(Buffer.byteLength(json) + Buffer.byteLength(JSON.stringify(next)) - 2).toBeGreaterThan(
      MAX_PAYLOAD_BYTES,
    );
  });

  it('is whole at the limit, and cut one byte above', () => {
    const sized = (long: number, last: number) => {
      const names = [...Array.from({ length: 9 }, () => '漢'.repeat(long)), 'x'.repeat(last)];
      const events = names.map((name, n) => stress(n, '漢'.repeat(50), name));
      return pushPayload(notificationOf(events), { ...OPTIONS, detail: 'full' });
    };
    const long = Array.from({ length: 101 }, (_, n) => n).findIndex((n) => sized(n, 100).includes('…'));
    const room = 1 + MAX_PAYLOAD_BYTES - Buffer.byteLength(sized(long, 1));
    expect(Buffer.byteLength(sized(long, room))).toBe(MAX_PAYLOAD_BYTES);
    expect(sized(long, room)).not.toContain('…');
    expect(sized(long, room + 1)).toContain('…');
  });

  it('fits and is JSON whatever the data holds', () => {
    const random = new Random(20_261_122);
    const anything = () =>
      Array.from({ length: random.whole(0, 900) }, () => String.fromCharCode(random.whole(0, 0xffff))).join(
        '',
      );
    for (let run = 0; run < 200; run += 1) {
      const events = Array.from({ length: random.whole(1, 14) }, (_, n) =>
        n % 2 === 0 ? stress(n, anything(), anything()) : clearOf(critical(n, anything())),
      );
      const json = pushPayload(notificationOf(events), {
        ...OPTIONS,
        detail: run % 2 === 0 ? 'full' : 'thin',
        form: run % 5 === 0 ? 'short' : 'whole',
      });
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      expect(JSON.parse(json)).toMatchObject(base);
    }
  });
});
