import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { AuthConfig } from '../../config/security-config.js';
import { PROBLEMS } from '../http/problem.js';

const DESCRIPTION = `Upload survey CSVs; be told, once and in order, when somebody's stress or a department turns critical.

1. Connect to the WebSocket (the live page at \`/\` is one).
2. \`POST /api/v1/upload\` with a CSV: try it here, \`examples/survey.csv\` is one.
3. The alerts arrive; \`GET /api/v1/alerts/active\` lists what fires.

Errors are RFC 9457 problem details with a stable \`code\`. Lists take \`limit\` and \`cursor\` and answer \`items\` and \`next_cursor\`.`;

/** The description of the REST API. */
export function describeApi(
  app: NestExpressApplication,
  version: string,
  auth: AuthConfig['mode'],
): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Pulsewatch')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .addTag('Uploads', 'CSV files and what became of them')
    .addTag('WebSocket', 'Alerts as they happen')
    .addTag('Alerts', 'The alert log, and what fires')
    .addTag('Silences', 'What receivers are not told of for a time')
    .addTag('Channels', 'Slack, Teams, e-mail, push and webhooks')
    .addTag('Push', 'Devices that want push messages')
    .addTag('Risk', 'Rules and evaluation')
    .addTag('People', 'Employees and departments')
    .addTag('Sync', 'Roll-ups on request')
    .addTag('Audit', 'Who did what')
    .addTag('Health', 'Probes');
  if (auth === 'jwt') {
    builder.addBearerAuth().addSecurityRequirements('bearer');
    for (const code of ['unauthenticated', 'forbidden', 'too_many_requests'] as const) {
      const { status, title } = PROBLEMS[code];
      builder.addGlobalResponse({ status, description: `\`${code}\`: ${title}.` });
    }
  }
  return SwaggerModule.createDocument(app, builder.build());
}
