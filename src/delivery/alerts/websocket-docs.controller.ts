import { Controller, Get, HttpStatus } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { OpenToAll } from '../../platform/auth/requires.decorator.js';
import type { AlertMessage } from '../../domain/alerts/alert-message.js';
import type { SnapshotReason } from './resume.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import {
  ALERT_MESSAGE_SCHEMA,
  AcknowledgedMessageDto,
  AlertClearedMessageDto,
  SilenceEndedMessageDto,
  SilenceSetMessageDto,
  DepartmentCriticalMessageDto,
  EmployeeStressMessageDto,
} from './message.dto.js';

class ConnectionMessageDto {
  @ApiProperty({ enum: ['connection'] }) type!: 'connection';
  @ApiProperty({ example: 'Connected to risk monitoring alerts' }) message!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123+00:00' }) timestamp!: string;
}

class PongMessageDto {
  @ApiProperty({ enum: ['pong'] }) type!: 'pong';
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123+00:00' }) timestamp!: string;
}

class SnapshotDataDto {
  @ApiProperty({ type: 'array', items: ALERT_MESSAGE_SCHEMA }) active!: AlertMessage[];
  @ApiPropertyOptional({ type: [AcknowledgedMessageDto], description: 'Absent: none.' })
  acknowledged?: AcknowledgedMessageDto[];
  @ApiPropertyOptional({ type: [SilenceSetMessageDto], description: 'Absent: none.' })
  silences?: SilenceSetMessageDto[];
}

class SnapshotMessageDto {
  @ApiProperty({ enum: ['snapshot'] }) type!: 'snapshot';
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ enum: ['trimmed_id', 'unknown_id', 'future_id', 'invalid_id'] }) reason!: SnapshotReason;
  @ApiProperty({ example: '1795378412019' }) id!: string;
  @ApiProperty({ type: SnapshotDataDto }) data!: SnapshotDataDto;
}

class ReplayCompleteMessageDto {
  @ApiProperty({ enum: ['replay_complete'] }) type!: 'replay_complete';
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ example: 12 }) count!: number;
  @ApiProperty({ example: '1795378412019' }) id!: string;
}

class PositionMessageDto {
  @ApiProperty({ enum: ['position'] }) type!: 'position';
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ example: '1795378412019' }) id!: string;
}

class ErrorMessageDto {
  @ApiProperty({ enum: ['error'] }) type!: 'error';
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ enum: ['unknown_message', 'bad_filter'] }) code!: string;
  @ApiProperty({ example: 'Send "ping", or JSON with the type "ping" or "filter".' }) message!: string;
}

/** Every message, in the order of the description. */
const MESSAGES = [
  ConnectionMessageDto,
  EmployeeStressMessageDto,
  DepartmentCriticalMessageDto,
  PongMessageDto,
  AlertClearedMessageDto,
  AcknowledgedMessageDto,
  SilenceSetMessageDto,
  SilenceEndedMessageDto,
  ReplayCompleteMessageDto,
  SnapshotMessageDto,
  PositionMessageDto,
  ErrorMessageDto,
];

const DESCRIPTION = `Connect with any WebSocket client to \`ws://HOST:PORT/api/v1/ws/alerts\`. Each frame is one JSON object.

| \`type\` | when |
|---|---|
| \`connection\` | first, once |
| \`employee_stress\` | an employee's stress rate passed the threshold |
| \`department_critical\` | a department turned critical |
| \`pong\` | the answer to the text \`ping\`, or to \`{"type":"ping"}\` |

Anything else that a client sends is ignored. The subprotocol \`alerts.v1\`, \`?v=1\` or one of the parameters adds replay
(\`last_event_id\`, then \`replay_complete\`, or a \`snapshot\`), \`alert_cleared\`, \`alert_acknowledged\`, \`silence_set\`, \`silence_ended\`, \`position\`, filters and \`error\`. The server pings; a peer that does not answer is disconnected.
Close codes: 1001 server going away, 1003 binary, 1007 bad UTF-8, 1009 message too big, 1013 try later.

Swagger UI cannot open a WebSocket: use the live page at \`/\`, or \`npm run watch\`.`;

/** The WebSocket endpoint as OpenAPI can describe it. The upgrade itself is the gateway's. */
@ApiTags('WebSocket')
@ApiExtraModels(...MESSAGES)
@OpenToAll()
@Controller('ws/alerts')
export class WebSocketDocsController {
  @Get()
  @ApiOperation({ summary: 'Receive risk alerts as they happen (WebSocket)', description: DESCRIPTION })
  @ApiQuery({
    name: 'last_event_id',
    type: String,
    required: false,
    description: 'Replay what came after this id, or `earliest`.',
  })
  @ApiQuery({
    name: 'types',
    type: String,
    required: false,
    description: 'Only these types, separated by commas.',
  })
  @ApiQuery({
    name: 'departments',
    type: String,
    required: false,
    description: 'Only these departments, separated by commas.',
  })
  @ApiResponse({
    status: HttpStatus.SWITCHING_PROTOCOLS,
    description: 'Connected. These are the messages that follow.',
    content: {
      'application/json': {
        schema: {
          oneOf: [
            ConnectionMessageDto,
            EmployeeStressMessageDto,
            DepartmentCriticalMessageDto,
            PongMessageDto,
          ].map((model) => ({ $ref: getSchemaPath(model) })),
        },
      },
    },
  })
  @ApiProblems('upgrade_required')
  refusePlainRequests(): never {
    throw new Problem(
      'upgrade_required',
      'Connect with a WebSocket client; for a list use GET /api/v1/alerts.',
      {
        headers: { Upgrade: 'websocket', Connection: 'Upgrade' },
      },
    );
  }
}
