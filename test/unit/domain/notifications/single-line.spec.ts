import { describe, expect, it } from '@jest/globals';
import { singleLine } from '../../../../src/domain/notifications/notification-text.js';

describe('a text on one line', () => {
  it.each([
    ['what it is', 'Sales & Marketing', 'Sales & Marketing'],
    ['line breaks of every kind', 'a\nb\r\nc\u2028d\u2029e\u0085f\vg', 'a b c d e f g'],
    ['controls', 'a\0b\x1b[31mc\x7fd\x9be', 'a b [31mc d e'],
    ['runs of blanks', ' \t a \u00a0\u3000 b ', 'a b'],
    ['what reorders text', '\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061cy', 'evil x y'],
    ['what is not to be seen', 'a\u200bb\u00adc\ufeffd\u2060e\u{e0041}f', 'abcdef'],
    ['halves of characters', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['right to left script', 'مبيعات', 'مبيعات'],
    ['joiners that letters need', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['joined emoji', '👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
    ['nothing to be seen', '\u202e\n', ''],
  ])('keeps of %s what can be read', (_, text, line) => {
    expect(singleLine(text, 50)).toBe(line);
  });

  it('is cut between characters, and says so', () => {
    expect(singleLine('😀😀😀', 3)).toBe('😀😀😀');
    expect(singleLine('😀😀😀😀', 3)).toBe('😀😀…');
    expect(singleLine('ab cd', 4)).toBe('ab…');
    expect(Array.from(singleLine('é'.repeat(5_000), 100))).toHaveLength(100);
  });
});
