import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Audited } from '../../audit/audited.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import { LimitedAs } from '../../auth/limited-as.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { ListQueryDto } from '../../platform/http/list.dto.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { parseDto } from '../../platform/http/validation.js';
import { DATE_FORMATS, UPLOAD_KINDS, UPLOAD_MODES, type UploadRecord } from '../../domain/uploads/upload.js';
import { CsvUploadInterceptor, takeSpooledFile } from './multipart.interceptor.js';
import { Spool } from './spool.js';
import { UploadAccess } from './upload-access.js';
import { UploadFormDto } from './upload-form.dto.js';
import { UploadKeys } from './idempotency-keys.js';
import { UploadQueue } from './upload-queue.js';
import { statusUrlOf, UploadAcceptedDto, UploadListDto, UploadStatusDto } from './upload.dto.js';

const UPLOAD_BODY = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', format: 'binary', description: 'The CSV, UTF-8, with a header line.' },
      kind: { type: 'string', enum: [...UPLOAD_KINDS], description: 'Told from the header when absent.' },
      mode: { type: 'string', enum: [...UPLOAD_MODES], default: 'partial' },
      dry_run: { type: 'boolean', default: false },
      date_format: { type: 'string', enum: [...DATE_FORMATS], default: 'ISO' },
      max_errors: { type: 'integer', minimum: 1, description: 'Fail once more rows than this are rejected.' },
    },
  },
};

/** Takes CSV files and tells what became of them. */
@ApiTags('Uploads')
@Requires('upload')
@Controller()
export class UploadController {
  constructor(
    private readonly queue: UploadQueue,
    private readonly spool: Spool,
    private readonly keys: UploadKeys,
    private readonly access: UploadAccess,
    private readonly scopes: AccessScopes,
  ) {}

  @Post(['upload', 'upload/csv'])
  @Audited('uploads.create', 'uploads/:task_id')
  @LimitedAs('uploads')
  @HttpCode(202)
  @UseInterceptors(CsvUploadInterceptor)
  @ApiOperation({
    summary: 'Upload a CSV of survey answers, employees or departments',
    description:
      'The file is kept, then checked as a whole, then written. The answer comes at once; `status_url` tells the rest. `/upload` and `/upload/csv` are the same.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(UPLOAD_BODY)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A text of your own, new for every upload, such as a UUID. Sent again with the same file and options, within a day, it gets the first answer again and imports nothing.',
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
    @Body() form: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadAcceptedDto> {
    const file = takeSpooledFile(request);
    const { id, isNew } = await this.discardUnlessNew(file.id, async () => {
      const options = UploadFormDto.toOptions(await parseDto(UploadFormDto, { ...form }));
      const earlier = await this.keys.earlierUpload(request, file, options);
      if (earlier !== undefined) return { id: earlier, isNew: false };
      const uploadedBy = callerOf(request).subject;
      await this.queue.accept({ id: file.id, bytes: file.bytes, uploadedBy, options });
      return { id: file.id, isNew: true };
    });
    if (!isNew) response.set('Idempotency-Replayed', 'true');
    const status_url = statusUrlOf(id);
    response.location(status_url);
    return {
      task_id: id,
      message: 'The file was accepted. Its status tells when it is imported.',
      status_url,
    };
  }

  @Get('upload/status/:task_id')
  @ApiOperation({ summary: 'Where an upload is, and what came of it' })
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

  private async discardUnlessNew<T extends { isNew: boolean }>(
    id: string,
    accept: () => Promise<T>,
  ): Promise<T> {
    let isKept = false;
    try {
      const outcome = await accept();
      isKept = outcome.isNew;
      return outcome;
    } finally {
      if (!isKept) await this.spool.remove(this.spool.nameFor(id));
    }
  }
}
