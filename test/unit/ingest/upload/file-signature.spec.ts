import { describe, expect, it } from '@jest/globals';
import { isCsvType, recogniseBinary } from '../../../../src/ingest/upload/spool-multer-engine.js';

describe('recogniseBinary', () => {
  it.each([
    ['PK\u0003\u0004', 'xlsx'],
    ['PK\u0005\u0006', 'zip'],
    ['\u00d0\u00cf\u0011\u00e0', '.xls'],
    ['\u00ff\u00d8\u00ff\u00e0', 'JPEG'],
    ['GIF89a', 'GIF'],
    ['%PDF-1.7', 'PDF'],
    ['\u0089PNG\r\n', 'PNG'],
    ['\u001f\u008b\u0008', 'gzip'],
  ])('knows %j as %s', (start, kind) => {
    expect(recogniseBinary(Buffer.from(start, 'latin1'))).toContain(kind);
  });

  it('lets text pass, however short', () => {
    for (const text of ['', 'P', 'PK', '\ufeffemployee_id', 'employee_id,', '%PDX'])
      expect(recogniseBinary(Buffer.from(text))).toBeUndefined();
  });
});

describe('isCsvType', () => {
  it('takes what browsers and spreadsheets call a CSV', () => {
    expect(
      ['text/csv', 'Text/CSV; charset=utf-8', 'application/vnd.ms-excel', 'application/octet-stream'].every(
        isCsvType,
      ),
    ).toBe(true);
    expect(['image/png', 'application/pdf', 'application/json', ''].some(isCsvType)).toBe(false);
  });
});
