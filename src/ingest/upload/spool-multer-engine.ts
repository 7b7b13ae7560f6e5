import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { v7 as uuid } from 'uuid';
import { Problem } from '../../platform/http/problem.js';
import type { Spool } from './spool.js';

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

/** The number of leading bytes that {@link recogniseBinary} needs. */
const SIGNATURE_BYTES = 8;

/** The format of a file by its first bytes, when it is one that is often sent instead of a CSV. */
export function recogniseBinary(start: Uint8Array): string | undefined {
  return SIGNATURES.find(({ bytes }) => bytes.every((byte, index) => start[index] === byte))?.kind;
}

// The types that browsers, spreadsheets and scripts give to a CSV.
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

/** Whether the type that the client declares can be that of a CSV. */
export function isCsvType(mimeType: string): boolean {
  return CSV_TYPES.has((mimeType.split(';')[0] ?? '').trim().toLowerCase());
}

/** A file in the spool, under the id that its upload will have. */
export interface SpooledFile {
  readonly id: string;
  readonly bytes: number;
  /** Of its content, in hex. */
  readonly sha256: string;
}

/**
 * Streams the file part of one request to the spool and rejects what is not a CSV as soon as its first bytes show it. The
 * file stays, whatever the request comes to, until {@link discard}.
 */
export class SpoolMulterEngine implements StorageEngine {
  private readonly id = uuid();
  private writing: Promise<SpooledFile | undefined> = Promise.resolve(undefined);
  private received: SpooledFile | undefined;

  constructor(private readonly spool: Spool) {}

  /** The file, once all of it is in the spool. */
  get file(): SpooledFile | undefined {
    return this.received;
  }

  /** Removes the file, whole or not. Does nothing where none was written. */
  async discard(): Promise<void> {
    // Removed while it is being opened, the file would be created afterwards and stay.
    await this.writing.catch(() => undefined);
    await this.spool.remove(this.spool.nameFor(this.id));
  }

  _handleFile(_request: Request, part: Express.Multer.File, done: (error?: unknown) => void): void {
    this.writing = this.store(part);
    this.writing.then((file) => {
      this.received = file;
      done();
    }, done);
  }

  /** Left to {@link discard}, which runs however the request ends. */
  _removeFile(_request: Request, _part: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }

  private async store(part: Express.Multer.File): Promise<SpooledFile> {
    if (!isCsvType(part.mimetype)) {
      throw new Problem(
        'not_csv',
        'The part "file" has a type that is not that of a CSV. Send it as text/csv.',
      );
    }
    const guard = new CsvGuard();
    const target = this.spool.write(this.spool.nameFor(this.id));
    try {
      await pipeline(part.stream, guard, target);
    } catch (error) {
      await finished(target).catch(() => undefined);
      throw error;
    }
    return { id: this.id, bytes: guard.bytes, sha256: guard.digest() };
  }
}

/** Passes a file through, counts and digests its bytes, and fails on the first bytes of a known binary format. */
class CsvGuard extends Transform {
  bytes = 0;
  private start = Buffer.alloc(0);
  private readonly hash = createHash('sha256');

  /** SHA-256 of all that passed, in hex. To be called once, at the end. */
  digest(): string {
    return this.hash.digest('hex');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    if (this.start.length < SIGNATURE_BYTES) {
      this.start = Buffer.concat([this.start, chunk.subarray(0, SIGNATURE_BYTES)]);
      const kind = recogniseBinary(this.start);
      if (kind !== undefined) {
        done(
          new Problem('not_csv', `The file is ${kind}, not a CSV. Export it as "CSV UTF-8" and send that.`),
        );
        return;
      }
    }
    done(null, chunk);
  }
}
