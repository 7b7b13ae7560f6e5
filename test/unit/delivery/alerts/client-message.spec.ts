import { describe, expect, it } from '@jest/globals';
import { parseClientMessage } from '../../../../src/delivery/alerts/client-protocol.js';

describe('parseClientMessage', () => {
  it('knows both forms of a ping', () => {
    expect(parseClientMessage('ping')).toEqual({ type: 'ping', data: undefined });
    expect(parseClientMessage('{"type":"ping"}')).toEqual({ type: 'ping', data: undefined });
  });

  it.each([
    '',
    'pong',
    '{',
    'null',
    '[]',
    '"ping"',
    '{"type":1}',
    '{"__proto__":{"type":"ping"}}',
    '['.repeat(4000),
  ])('ignores %j', (text) => {
    expect(parseClientMessage(text)).toBeUndefined();
  });
});
