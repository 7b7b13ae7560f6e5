import { Controller, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Request } from 'express';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { admissionOf } from './request-identity.js';
import { Requires } from './requires.decorator.js';
import { Tickets } from './tickets.js';

class TicketQueryDto {
  @ApiPropertyOptional({
    example: 'https://portal.example.com',
    description: 'The origin of the page that connects, where another page requests the ticket.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  origin?: string;
}

class TicketDto {
  @ApiProperty({ example: 'm6JZV0yGm0Tn2hYw3m0yq1X9J5i4uQv8g2d7cKkE0aA' }) ticket!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
}

/** Issues tickets for pages: a page cannot send a token when it opens a WebSocket. */
@Requires('read_alerts')
@ApiTags('WebSocket')
@Controller('ws/ticket')
export class TicketController {
  constructor(private readonly tickets: Tickets) {}

  @Post()
  @ApiOperation({
    summary: 'Get a ticket that opens one WebSocket',
    description:
      'Connect to `/api/v1/ws/alerts?ticket=…` within 30 s, from a page with the `Origin` of this request or with the `origin` of its query. The ticket opens one connection, which ends when your token expires.',
  })
  @ApiCreatedResponse({ type: TicketDto })
  @ApiProblems('validation_failed', 'too_many_requests')
  async issue(@Req() request: Request, @Query() { origin }: TicketQueryDto): Promise<TicketDto> {
    const issued = await this.tickets.issue(admissionOf(request), origin ?? request.get('origin'));
    if (!issued) {
      throw new Problem('too_many_requests', 'Use the tickets that you have, or wait 30 s.', {
        headers: { 'Retry-After': '30' },
      });
    }
    return { ticket: issued.ticket, expires_at: new Date(issued.expiresAt).toISOString() };
  }
}
