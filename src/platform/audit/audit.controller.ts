import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { auditMatcher, isAuditId } from '../../domain/access/audit.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { AuditStore } from '../../storage/ports/audit.store.js';
import { AuditEntryDto, AuditListDto, AuditQueryDto } from './audit.dto.js';
import { Audited } from './audit-context.js';

/** Reads the audit log. Nothing changes an entry, and only its age removes it. */
@ApiTags('Audit')
@Requires('administer')
@Controller('audit')
export class AuditController {
  constructor(@Inject(AuditStore) private readonly store: AuditStore) {}

  @Get()
  @Audited('audit.read', 'audit')
  @ApiOperation({
    summary: 'Who did what, newest first',
    description:
      'A change is listed as soon as its request is answered; reads, connections and refusals follow a moment later. A page can be short and still have a `next_cursor`. Reading the log is recorded as well.',
  })
  @ApiOkResponse({ type: AuditListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'unauthenticated', 'forbidden', 'storage_unavailable')
  async list(@Query() { limit, cursor, since, until, ...filter }: AuditQueryDto): Promise<AuditListDto> {
    const after = decodeCursor(cursor);
    if (after !== undefined && !isAuditId(after))
      throw new Problem('bad_cursor', 'This cursor belongs to another list.');
    const page = await this.store.list({
      limit,
      matches: auditMatcher(filter),
      ...(after === undefined ? {} : { after }),
      ...(since === undefined ? {} : { since: Date.parse(since) }),
      ...(until === undefined ? {} : { until: Date.parse(until) }),
    });
    return {
      items: page.items.map((entry) => AuditEntryDto.of(entry)),
      next_cursor: encodeCursor(page.next),
    };
  }
}
