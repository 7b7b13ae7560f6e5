import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../../../../src/platform/http/cursor.js';

describe('cursors', () => {
  it.each(['E1', '', 'Ünï → 7', 'a'.repeat(256)])('carry %j there and back', (key) => {
    expect(decodeCursor(encodeCursor(key) ?? undefined)).toBe(key);
  });

  it('are null at the end, and absent at the beginning', () => {
    expect(encodeCursor(undefined)).toBeNull();
    expect(decodeCursor(undefined)).toBeUndefined();
  });

  it.each(['', 'x', '!!!', 'MTpF', 'MTpFMQ==', Buffer.from('2:E1').toString('base64url')])(
    'refuse %j unless it was handed out',
    (cursor) => {
      const isOurs = cursor === 'MTpF';
      if (isOurs) expect(decodeCursor(cursor)).toBe('E');
      else expect(() => decodeCursor(cursor)).toThrow('next_cursor');
    },
  );
});
