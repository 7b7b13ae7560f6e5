import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, Inject } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiProduces,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Audited } from '../../platform/audit/audit-context.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import { LimitedAs } from '../../platform/auth/rate-limiter.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { ListQueryDto } from '../../platform/http/list.dto.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { UPLOAD_MODES, type UploadRecord } from '../../domain/uploads/upload.js';
import { DATE_FORMATS, UPLOAD_KINDS } from '../../domain/csv/file-options.js';
import { UploadAccess } from './upload-access.js';
import { UploadQueue } from './upload-queue.js';
import { UploadReception } from './upload-reception.js';
import { statusUrlOf, UploadAcceptedDto, UploadListDto, UploadStatusDto } from './upload.dto.js';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FindingStore } from '../../storage/ports/finding.store.js';
import { findingsFile } from '../csv/findings-csv.js';
import { UndoRequests } from './undo-requests.js';
import { codeOf } from '../../lib/error-code.js';

/** Undoes uploads. */
@ApiTags('Uploads')
@Requires('upload')
@Controller('uploads')
export class UndoController {
  constructor(
    private readonly undoing: UndoRequests,
    private readonly access: UploadAccess,
  ) {}

  @Post(':id/undo')
  @Audited('uploads.undo', 'uploads/:id')
  @ApiOperation({
    summary: 'Undo an upload: remove its survey responses',
    description:
      'Removes the responses of the upload and recomputes the employees and departments that they measured; alerts follow. It waits for the uploads before it. Repeating the request changes nothing: 202 while it waits or runs, 200 once it is done. A response that a later upload replaced stays; one that this upload replaced is not restored.',
  })
  @ApiAcceptedResponse({
    type: UploadAcceptedDto,
    description: 'Accepted. `Location` is `status_url`.',
  })
  @ApiOkResponse({ type: UploadAcceptedDto, description: 'The upload was undone before.' })
  @ApiProblems('not_found', 'not_undoable', 'too_many_uploads', 'server_stopping', 'storage_unavailable')
  async undo(
    @Param('id', EntityIdPipe) id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadAcceptedDto> {
    await this.access.find(id, request);
    const { undo } = await this.undoing.request(id);
    const isDone = undo?.undoneAt !== undefined;
    const status_url = statusUrlOf(id);
    response.status(isDone ? 200 : 202).location(status_url);
    const message = isDone
      ? 'The upload was taken back before.'
      : 'The upload will be taken back. Read its status to see when.';
    return { task_id: id, message, status_url };
  }
}

const DESCRIPTION = `All errors of the file as a CSV (UTF-8) with the columns \`line,column,code,message,value\`, by line.
\`line\` is the physical line at which the record starts; \`value\` is the beginning of the offending cell, with an
apostrophe before it where a spreadsheet would interpret it as a formula. A file without errors gives the header alone.
While the file is processed, the CSV holds the errors found so far. Warnings are in the report only.`;

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
    // Read before anything is sent, so that a failing store results in a problem response.
    const first = await pieces.next();
    response.type('text/csv; charset=utf-8').attachment(`upload-${id}-errors.csv`);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(first.value ?? '');
    try {
      // Read at the pace of the client. A failure breaks the connection, so that a part never looks like the whole.
      await pipeline(Readable.from(pieces, { highWaterMark: 1 }), response);
    } catch (error) {
      if (!isPrematureClose(error)) throw error;
    }
  }
}

/** The client has disconnected: there is no response to send. */
function isPrematureClose(error: unknown): boolean {
  return codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE';
}

const UPLOAD_BODY = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', format: 'binary', description: 'The CSV, UTF-8, with a header line.' },
      kind: {
        type: 'string',
        enum: [...UPLOAD_KINDS],
        description: 'Detected from the header row when absent.',
      },
      mode: { type: 'string', enum: [...UPLOAD_MODES], default: 'partial' },
      dry_run: { type: 'boolean', default: false },
      date_format: { type: 'string', enum: [...DATE_FORMATS], default: 'ISO' },
      max_errors: { type: 'integer', minimum: 1, description: 'Fail once more rows than this are rejected.' },
    },
  },
};

/** Receives CSV files and reports their state. */
@ApiTags('Uploads')
@Requires('upload')
@Controller()
export class UploadController {
  constructor(
    private readonly queue: UploadQueue,
    private readonly reception: UploadReception,
    private readonly access: UploadAccess,
    private readonly scopes: AccessScopes,
  ) {}

  @Post(['upload', 'upload/csv'])
  @Audited('uploads.create', 'uploads/:task_id')
  @LimitedAs('uploads')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Upload a CSV of survey answers, employees or departments',
    description:
      'The file is stored, then validated as a whole, then written. The response comes once the file is stored; `status_url` reports the rest. `/upload` and `/upload/csv` are the same.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(UPLOAD_BODY)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A unique text for every upload, such as a UUID. A repeated request with the same key, file and options within a day returns the first response again and imports nothing.',
    schema: { type: 'string', maxLength: 255 },
  })
  @ApiAcceptedResponse({
    type: UploadAcceptedDto,
    description: 'Accepted. `Location` is `status_url`.',
    headers: {
      'Idempotency-Replayed': {
        description: '`true` when the request with this key was accepted before.',
        schema: { type: 'string' },
      },
    },
  })
  @ApiProblems(
    'no_file',
    'unexpected_file',
    'malformed_multipart',
    'validation_failed',
    'bad_idempotency_key',
    'idempotency_key_in_use',
    'idempotency_key_reused',
    'file_too_large',
    'not_csv',
    'too_many_uploads_of_caller',
    'too_many_uploads',
    'server_stopping',
    'storage_unavailable',
  )
  async upload(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadAcceptedDto> {
    const { uploadId, isNew } = await this.reception.receive(request, response);
    if (!isNew) response.set('Idempotency-Replayed', 'true');
    const status_url = statusUrlOf(uploadId);
    response.location(status_url);
    return {
      task_id: uploadId,
      message: 'The file was accepted. Read its status to see when it is imported.',
      status_url,
    };
  }

  @Get('upload/status/:task_id')
  @ApiOperation({ summary: 'The state and the result of an upload' })
  @ApiOkResponse({ type: UploadStatusDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async status(
    @Param('task_id', EntityIdPipe) id: string,
    @Req() request: Request,
  ): Promise<UploadStatusDto> {
    return this.statusOf(await this.access.find(id, request), request);
  }

  @Get('uploads')
  @ApiOperation({
    summary: 'The uploads, newest first',
    description: 'A page may be short and still have a `next_cursor`.',
  })
  @ApiOkResponse({ type: UploadListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'storage_unavailable')
  async list(@Query() { limit, cursor }: ListQueryDto, @Req() request: Request): Promise<UploadListDto> {
    const after = decodeCursor(cursor);
    const page = await this.queue.list({ limit, ...(after === undefined ? {} : { after }) });
    return {
      items: page.items.filter(this.access.seenBy(request)).map((record) => this.statusOf(record, request)),
      next_cursor: encodeCursor(page.next),
    };
  }

  @Get('uploads/:id')
  @ApiOperation({ summary: 'One upload with its report' })
  @ApiOkResponse({ type: UploadStatusDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id', EntityIdPipe) id: string, @Req() request: Request): Promise<UploadStatusDto> {
    return this.statusOf(await this.access.find(id, request), request);
  }

  private statusOf(record: UploadRecord, request: Request): UploadStatusDto {
    return UploadStatusDto.of(record, this.scopes.ofRequest(request));
  }
}
