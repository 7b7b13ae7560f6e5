import { isUtf8 } from 'node:buffer';
import { nameEncoding } from '../../domain/csv/encoding.js';
import { FileError } from './file-error.js';

/** Decodes a file in pieces, and reports the line at which it is not UTF-8. */
export class Utf8Decoder {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private previous: Buffer = Buffer.alloc(0);

  /**
   * Decodes the next bytes; `undefined` ends the file. `held` is the text right before them whose line ends are not counted
   * yet, and `line` the line at which it begins. Throws FileError.
   */
  decode(bytes: Buffer | undefined, line: number, held = ''): string {
    try {
      return bytes ? this.decoder.decode(bytes, { stream: true }) : this.decoder.decode();
    } catch {
      const rest = bytes ?? Buffer.alloc(0);
      const code = nameEncoding(Buffer.concat([this.previous, rest])) === 'latin1' ? 'latin1' : 'not_utf8';
      const uncounted = Buffer.concat([Buffer.from(held), unfinished(this.previous), rest]);
      throw new FileError(code, line + lineEndsBeforeBreak(uncounted));
    } finally {
      this.previous = bytes ?? this.previous;
    }
  }
}

/** The incomplete character at the end of bytes that are UTF-8 so far. */
function unfinished(bytes: Buffer): Buffer {
  const last = bytes.subarray(Math.max(0, bytes.findLastIndex(startsCharacter)));
  return isUtf8(last) ? Buffer.alloc(0) : last;
}

function startsCharacter(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}

/** The number of line ends before the first byte that is not UTF-8. */
function lineEndsBeforeBreak(bytes: Buffer): number {
  // No byte of a longer character is a line end, so lines can be split before they are decoded.
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/);
  return Math.max(
    0,
    lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))),
  );
}
