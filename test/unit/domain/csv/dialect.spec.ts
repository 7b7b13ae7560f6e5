import { describe, expect, it } from '@jest/globals';
import { detectDelimiter, LineEndCounter } from '../../../../src/domain/csv/dialect.js';

describe('the delimiter', () => {
  it.each([
    [',', 'a,b,c\n1;2;3;4;5\n'],
    [';', 'a;b;c\n1,5;2;3\n'],
    ['\t', 'a\tb\tc\n'],
    [',', 'single\n'],
    [',', ''],
    [';', '"a,b,c,d";b\n'],
    [',', '"line\nend;;;",b\n'],
    [',', 'a,b;c\n'],
  ])('is %j', (delimiter, text) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});

describe('the line ends', () => {
  it.each([
    ['none', ['abc']],
    ['lf', ['a\nb', '\n']],
    ['crlf', ['a\r\nb\r\n']],
    ['cr', ['a\rb\r']],
    ['mixed', ['a\r\nb\n']],
    ['mixed', ['a\nb', 'c\rd']],
  ])('are %s', (kind, pieces) => {
    const counter = new LineEndCounter();
    for (const piece of pieces) counter.add(piece);
    expect(counter.kind).toBe(kind);
  });
});
