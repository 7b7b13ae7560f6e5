const SIGNATURES: readonly { readonly kind: string; readonly bytes: readonly number[] }[] = [
  { kind: 'a zip archive or an Excel workbook (.xlsx)', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'an empty zip archive', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { kind: 'an old Excel workbook (.xls)', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { kind: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { kind: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff] },
  { kind: 'a GIF picture', bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: 'a gzip archive', bytes: [0x1f, 0x8b] },
];

/** How many leading bytes {@link recogniseBinary} looks at. */
export const SIGNATURE_BYTES = 8;

/** What a file is by its first bytes, when it is one of the kinds that people send instead of a CSV. */
export function recogniseBinary(start: Uint8Array): string | undefined {
  return SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => start[index] === byte))?.kind;
}

// What browsers, spreadsheets and scripts call a CSV.
const CSV_TYPES = new Set([
  'text/csv',
  'application/csv',
  'text/x-csv',
  'application/x-csv',
  'text/comma-separated-values',
  'text/tab-separated-values',
  'text/plain',
  'application/vnd.ms-excel',
  'application/octet-stream',
]);

/** True when the type that the client gave for the file can be that of a CSV. */
export function isCsvType(mimeType: string): boolean {
  return CSV_TYPES.has((mimeType.split(';')[0] ?? '').trim().toLowerCase());
}
