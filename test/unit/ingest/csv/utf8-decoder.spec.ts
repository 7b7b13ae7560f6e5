import { describe, expect, it } from '@jest/globals';
import { FileError } from '../../../../src/ingest/csv/file-error.js';
import { Utf8Decoder } from '../../../../src/ingest/csv/utf8-decoder.js';

/** Decodes pieces of which none ends within a CRLF; answers the code and the line of what is wrong. */
function fault(...pieces: readonly (string | readonly number[])[]): [string, number | undefined] | undefined {
  const utf8 = new Utf8Decoder();
  let line = 1;
  try {
    for (const piece of pieces)
      line +=
        utf8.decode(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece), line).split('\n')
          .length - 1;
    utf8.decode(undefined, line);
    return undefined;
  } catch (error) {
    if (error instanceof FileError) return [error.code, error.issues[0]?.line];
    throw error;
  }
}

const LF = 0x0a;

describe('StrictUtf8', () => {
  it('takes characters that are cut between pieces', () => {
    expect(fault('a\n', [0xf0, 0x9f], [0x98], [0x80, LF])).toBeUndefined();
    expect(new Utf8Decoder().decode(Buffer.from('ä€😀'), 1)).toBe('ä€😀');
  });

  it('names the line of the first broken byte, also after a piece that ended within a character', () => {
    expect(fault('a\nb\n', [0xe2, 0x82], [0xac, LF, 0x61, LF, 0xff])).toEqual(['not_utf8', 5]);
    expect(fault('a\nb\n', [0xe2, 0x82], [0x61, LF, LF])).toEqual(['not_utf8', 3]);
    expect(fault('a\n€\n', [0x61, 0x0d, 0x0d, LF, 0xc0, 0xaf])).toEqual(['not_utf8', 5]);
  });

  it('does not take the sign for a broken character for one', () => {
    expect(fault('a\ufffd\n', [0x61, LF, 0xed, 0xa0, 0x80])).toEqual(['not_utf8', 3]);
  });

  it('counts a line end before the piece that was held back', () => {
    const utf8 = new Utf8Decoder();
    utf8.decode(Buffer.from('a'), 1);
    expect(() => utf8.decode(Buffer.from([0xff]), 1, '\r')).toThrow(FileError);
    const again = new Utf8Decoder();
    again.decode(Buffer.from('a'), 1);
    let line: number | undefined;
    try {
      again.decode(Buffer.from([0x62, LF, 0xff]), 1, '\r');
    } catch (error) {
      line = error instanceof FileError ? error.issues[0]?.line : undefined;
    }
    expect(line).toBe(3);
  });

  it('names Latin-1 where a letter is cut off from its line by the end of a piece', () => {
    expect(fault('Ren', [0xe9], ',b\n')).toEqual(['latin1', 1]);
    expect(fault('a\nRen', [0xe9])).toEqual(['latin1', 2]);
  });
});
