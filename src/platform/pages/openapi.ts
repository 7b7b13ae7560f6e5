import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { AuthConfig } from '../../config/security-config.js';
import { PROBLEMS } from '../http/problem.js';

const DESCRIPTION = `Upload survey CSVs. Receive an alert, once and in order, when an employee is under stress or a department becomes critical.

1. Connect to the WebSocket; the live page at \`/\` does so.
2. Send a CSV to \`POST /api/v1/upload\`. You can do that on this page, for example with \`examples/survey.csv\`.
3. The alerts arrive. \`GET /api/v1/alerts/active\` lists the alerts that are firing.

Errors are RFC 9457 problems with a stable \`code\`, which [the page of problem codes](/problems) explains. Lists accept \`limit\` and \`cursor\` and return \`items\` and \`next_cursor\`.`;

/** The OpenAPI document of the REST API. */
export function describeApi(
  app: NestExpressApplication,
  version: string,
  auth: AuthConfig['mode'],
): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Pulsewatch')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .addTag('Uploads', 'CSV files and their imports')
    .addTag('WebSocket', 'Alerts as they occur')
    .addTag('Alerts', 'The alert log and the alerts that are firing')
    .addTag('Silences', 'Suppressed notifications')
    .addTag('Channels', 'Slack, Teams, e-mail, push and webhooks')
    .addTag('Push', 'Devices that receive push messages')
    .addTag('Risk', 'Rules and evaluation')
    .addTag('People', 'Employees and departments')
    .addTag('Sync', 'Roll-ups of departments on request')
    .addTag('Audit', 'The audit log: who did what')
    .addTag('Health', 'Probes and metrics');
  if (auth === 'jwt') {
    builder.addBearerAuth().addSecurityRequirements('bearer');
    for (const code of ['unauthenticated', 'forbidden', 'too_many_requests'] as const) {
      const { status, title } = PROBLEMS[code];
      builder.addGlobalResponse({ status, description: `\`${code}\`: ${title}.` });
    }
  }
  return SwaggerModule.createDocument(app, builder.build());
}
