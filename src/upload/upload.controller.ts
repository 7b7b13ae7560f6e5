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
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { API_PREFIX } from '../http/api-prefix.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { ListQueryDto } from '../http/list.dto.js';
import { EntityIdPipe } from '../http/entity-id.pipe.js';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { parseDto } from '../http/validation.js';
import { DATE_FORMATS, UPLOAD_KINDS, UPLOAD_MODES, type UploadRecord } from '../domain/upload.js';
import { CsvUploadInterceptor, takeSpooledFile } from './csv-upload.interceptor.js';
import { Spool } from './spool.js';
import { UploadQueue } from './upload-queue.js';
import { UploadAcceptedDto, UploadFormDto, UploadListDto, UploadStatusDto } from './upload.dto.js';

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
@Controller()
export class UploadController {
  constructor(
    private readonly queue: UploadQueue,
    private readonly spool: Spool,
  ) {}

  @Post(['upload', 'upload/csv'])
  @HttpCode(202)
  @UseInterceptors(CsvUploadInterceptor)
  @ApiOperation({
    summary: 'Upload a CSV of survey answers, employees or departments',
    description:
      'The file is kept, then checked as a whole, then written. The answer comes at once; `status_url` tells the rest. `/upload` and `/upload/csv` are the same.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(UPLOAD_BODY)
  @ApiAcceptedResponse({ type: UploadAcceptedDto, description: 'Accepted. `Location` is `status_url`.' })
  @ApiProblems(
    'no_file',
    'unexpected_file',
    'malformed_multipart',
    'validation_failed',
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
    const record = await this.acceptOrDiscard(file.id, async () =>
      this.queue.accept({
        ...file,
        options: UploadFormDto.toOptions(await parseDto(UploadFormDto, { ...form })),
      }),
    );
    const status_url = `/${API_PREFIX}/upload/status/${record.id}`;
    response.location(status_url);
    return {
      task_id: record.id,
      message: 'The file was accepted. Its status tells when it is imported.',
      status_url,
    };
  }

  @Get('upload/status/:task_id')
  @ApiOperation({ summary: 'Where an upload is, and what came of it' })
  @ApiOkResponse({ type: UploadStatusDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async status(@Param('task_id', EntityIdPipe) id: string): Promise<UploadStatusDto> {
    return UploadStatusDto.of(await this.find(id));
  }

  @Get('uploads')
  @ApiOperation({ summary: 'The uploads, newest first' })
  @ApiOkResponse({ type: UploadListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'storage_unavailable')
  async list(@Query() { limit, cursor }: ListQueryDto): Promise<UploadListDto> {
    const after = decodeCursor(cursor);
    const page = await this.queue.list({ limit, ...(after === undefined ? {} : { after }) });
    return {
      items: page.items.map((record) => UploadStatusDto.of(record)),
      next_cursor: encodeCursor(page.next),
    };
  }

  @Get('uploads/:id')
  @ApiOperation({ summary: 'One upload with its report' })
  @ApiOkResponse({ type: UploadStatusDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id', EntityIdPipe) id: string): Promise<UploadStatusDto> {
    return UploadStatusDto.of(await this.find(id));
  }

  private async find(id: string): Promise<UploadRecord> {
    const record = await this.queue.find(id);
    if (!record) throw new Problem('not_found', 'There is no upload with this id.');
    return record;
  }

  private async acceptOrDiscard<T>(id: string, accept: () => Promise<T>): Promise<T> {
    try {
      return await accept();
    } catch (error) {
      await this.spool.remove(this.spool.nameFor(id));
      throw error;
    }
  }
}
