import { Controller, Get, HttpStatus } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiProperty,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { DepartmentCriticalMessageDto, EmployeeStressMessageDto } from './alerts.dto.js';

class ConnectionMessageDto {
  @ApiProperty({ enum: ['connection'] }) type!: 'connection';
  @ApiProperty({ example: 'Connected to risk monitoring alerts' }) message!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123+00:00' }) timestamp!: string;
}

class PongMessageDto {
  @ApiProperty({ enum: ['pong'] }) type!: 'pong';
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123+00:00' }) timestamp!: string;
}

const DESCRIPTION = `Connect with any WebSocket client to \`ws://HOST:PORT/api/v1/ws/alerts\`. Each frame is one JSON object.

| \`type\` | when |
|---|---|
| \`connection\` | first, once |
| \`employee_stress\` | an employee's stress rate passed the threshold |
| \`department_critical\` | a department turned critical |
| \`pong\` | the answer to the text \`ping\`, or to \`{"type":"ping"}\` |

Anything else that a client sends is ignored. The server pings; a peer that does not answer is disconnected.
Close codes: 1001 server going away, 1003 binary, 1007 bad UTF-8, 1009 message too big, 1013 try later.

Swagger UI cannot open a WebSocket: use the live page at \`/\`, or \`npm run watch\`.`;

/** The WebSocket endpoint as OpenAPI can describe it. The upgrade itself is the gateway's. */
@ApiTags('WebSocket')
@ApiExtraModels(ConnectionMessageDto, EmployeeStressMessageDto, DepartmentCriticalMessageDto, PongMessageDto)
@Controller('ws/alerts')
export class WebSocketDocsController {
  @Get()
  @ApiOperation({ summary: 'Receive risk alerts as they happen (WebSocket)', description: DESCRIPTION })
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
