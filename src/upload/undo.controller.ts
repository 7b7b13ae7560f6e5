import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Audited } from '../audit/audited.js';
import { Requires } from '../platform/auth/requires.decorator.js';
import { EntityIdPipe } from '../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../platform/http/problem.dto.js';
import { statusUrlOf, UploadAcceptedDto } from '../ingest/upload/upload.dto.js';
import { UploadAccess } from '../ingest/upload/upload-access.js';
import { UploadUndoing } from '../ingest/upload/undo-requests.js';

/** Takes the responses of an upload back. */
@ApiTags('Uploads')
@Requires('upload')
@Controller('uploads')
export class UndoController {
  constructor(
    private readonly undoing: UploadUndoing,
    private readonly access: UploadAccess,
  ) {}

  @Post(':id/undo')
  @Audited('uploads.undo', 'uploads/:id')
  @ApiOperation({
    summary: 'Take back the survey responses of an upload',
    description:
      'Removes the responses that came with the upload, and computes again the employees and departments that they measured; alerts follow. It waits its turn behind the uploads before it. Asking again changes nothing: 202 while it waits or runs, 200 once it is done. A response that a later upload replaced stays; one that this upload replaced does not come back.',
  })
  @ApiAcceptedResponse({
    type: UploadAcceptedDto,
    description: 'It is taken back when its turn comes. `Location` is `status_url`.',
  })
  @ApiOkResponse({ type: UploadAcceptedDto, description: 'It was taken back before.' })
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
      : 'The upload will be taken back. Its status tells when.';
    return { task_id: id, message, status_url };
  }
}
