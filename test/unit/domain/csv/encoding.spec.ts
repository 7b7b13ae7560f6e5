import { describe, expect, it } from '@jest/globals';
import { isUtf16, nameEncoding } from '../../../../src/domain/csv/encoding.js';

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const HEADER = 'employee_id,submission_date,department\n';

describe('the name of an encoding', () => {
  it.each<[string, Uint8Array]>([
    ['utf16', Buffer.from(`\ufeff${HEADER}`, 'utf16le')],
    ['utf16', utf16be(`\ufeff${HEADER}`)],
    ['utf16', Buffer.from(HEADER, 'utf16le')],
    ['utf16', utf16be(HEADER)],
    ['utf16', Buffer.from(`${HEADER}Müller,Größe,人\n`, 'utf16le')],
    ['latin1', Buffer.from(`${HEADER}Müller\n`, 'latin1')],
    ['latin1', Buffer.from('é', 'latin1')],
    ['latin1', Buffer.from(`${HEADER}Größe\n`, 'latin1')],
    ['unknown', Buffer.from([0x61, 0xc0, 0xaf, 0x62])],
    ['unknown', Buffer.concat([Buffer.from(`${HEADER}Müller`), Buffer.from([0xff])])],
    ['unknown', Buffer.from([0xf0, 0x9f, 0x98])],
    ['unknown', Buffer.from('plain')],
    ['unknown', Buffer.alloc(0)],
  ])('is %s', (name, bytes) => {
    expect(nameEncoding(bytes)).toBe(name);
  });

  it('is not UTF-16 for a stray NUL, or for nothing but NULs', () => {
    expect(isUtf16(Buffer.from(`${HEADER}a\0b`))).toBe(false);
    expect(isUtf16(Buffer.alloc(100))).toBe(false);
    expect(isUtf16(Buffer.from('a\0'))).toBe(false);
  });
});
