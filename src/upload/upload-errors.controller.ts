import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Audited } from '../audit/audited.js';
import { Requires } from '../platform/auth/requires.decorator.js';
import { EntityIdPipe } from '../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../platform/http/problem.dto.js';
import { FindingStore } from '../storage/ports/finding.store.js';
import { findingsFile } from '../ingest/csv/findings-csv.js';
import { UploadAccess } from '../ingest/upload/upload-access.js';

const DESCRIPTION = `Everything that is wrong with the file, as a CSV (UTF-8) with the columns \`line,column,code,message,value\`, by line.
\`line\` is physical: where the record starts; \`value\` is the beginning of the offending cell, with an apostrophe before it
where a spreadsheet would take it for a formula. Without an error there is the header alone. While the file is
processed, this is what was found so far. Warnings are in the report only.`;

/** The error file of an upload. */
@ApiTags('Uploads')
@Requires('upload')
@Controller('uploads/:id/errors.csv')
export class UploadErrorsController {
  constructor(
    private readonly access: UploadAccess,
    @Inject(FindingStore) private readonly findings: FindingStore,
  ) {}

  @Get()
  @Audited('uploads.read_errors', 'uploads/:id/errors.csv')
  @ApiOperation({ summary: 'All errors of an upload as a CSV file', description: DESCRIPTION })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems('not_found', 'storage_unavailable')
  async download(
    @Param('id', EntityIdPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.access.find(id, request);
    const pieces = findingsFile(this.findings.read(id));
    // Before anything is sent: a store that does not answer is told as such.
    const first = await pieces.next();
    response.type('text/csv; charset=utf-8').attachment(`upload-${id}-errors.csv`);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(first.value ?? '');
    try {
      // Pulled piece by piece as the client takes them. A failure breaks the connection: a part never looks like the whole.
      await pipeline(Readable.from(pieces, { highWaterMark: 1 }), response);
    } catch (error) {
      if (!isPrematureClose(error)) throw error;
    }
  }
}

/** The client went away; nobody is left to be told. */
function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
