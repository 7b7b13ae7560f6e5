import { Controller, Get, NotFoundException, Param, Res, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenToAll } from '../auth/requires.decorator.js';
import { ASSET_FOLDER, PAGE_FOLDER, SAMPLE_FOLDER, SAMPLES, sendFile } from './static-files.js';

/** The page needs only its own files and calls to its own host. */
const PAGE_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the live page, its assets and the sample files. Outside the REST prefix. */
@ApiExcludeController()
@OpenToAll()
@Controller()
export class LiveController {
  @Get()
  page(@Res() response: Response): Promise<void> {
    return sendFile(response, PAGE_FOLDER, 'index.html', { 'Content-Security-Policy': PAGE_POLICY });
  }

  @Get('live/:file')
  asset(@Param('file') file: string, @Res() response: Response): Promise<void> {
    return sendFile(response, ASSET_FOLDER, file);
  }

  @Get('samples/:file')
  sample(@Param('file') file: string, @Res() response: Response): Promise<void> {
    if (!SAMPLES.has(file)) throw new NotFoundException(`There is no sample "${file}".`);
    return sendFile(response, SAMPLE_FOLDER, file, {
      'Content-Disposition': `attachment; filename="${file}"`,
    });
  }
}

/** The live page: static files that use the REST API and the WebSocket like any other client. */
@Module({ controllers: [LiveController] })
export class LiveModule {}
