import type { Server, IncomingMessage } from 'node:http';
import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AlertsWsAdapter } from './delivery/alerts/websocket.adapter.js';
import { AppModule } from './app.module.js';
import { FailureAudit } from './platform/audit/failure-audit.js';
import { ClientAddress } from './platform/auth/client-address.js';
import type { Config } from './config/config.js';
import { setupDocs } from './platform/pages/swagger.setup.js';
import { API_PREFIX } from './platform/http/api-prefix.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { noStore, securityHeaders } from './platform/http/security-headers.js';
import { answerNotFound } from './platform/http/problem-response.js';
import { validationPipe } from './platform/http/validation.js';
import { quietStart, requestLog } from './platform/observability/logging.js';
import { describeApi } from './platform/pages/openapi.js';
import { httpsOptions } from './platform/http/tls.js';
import { Server as TlsServer } from 'node:tls';
import type { Socket } from 'node:net';
import { ALERTS_PATH } from './delivery/alerts/alerts.gateway.js';

/** The paths outside the prefix of the REST API. */
const OUTSIDE_PREFIX = [
  '/',
  'live/:file',
  'samples/:file',
  'health/live',
  'health/ready',
  'metrics',
  'problems',
];

/** Creates the whole application, ready to listen. Rejects when the storage or the certificate cannot be opened. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const https = httpsOptions(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(config), {
    bufferLogs: true,
    abortOnError: false,
    forceCloseConnections: true,
    ...(https ? { httpsOptions: https } : {}),
  });
  app.useLogger(quietStart(app.get(Logger), config.logLevel));
  setupApp(app, config);
  await app.init();
  // Nest answers unknown paths below the prefix only.
  app.use(answerNotFound);
  return app;
}

/** Sets up an application, in production and in tests alike. */
export function setupApp(app: NestExpressApplication & INestApplication<Server>, config: Config): void {
  app.disable('x-powered-by');
  app.use(requestLog());
  app.use(securityHeaders(config.security.tls !== undefined));
  app.use(`/${API_PREFIX}`, noStore);
  app.set('trust proxy', app.get(ClientAddress).isTrusted);
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
  app.useGlobalPipes(validationPipe());
  const failures = app.get(FailureAudit);
  app.useGlobalFilters(new ProblemFilter((...failed) => failures.note(...failed)));
  setHeadDeadline(app.getHttpServer(), config.headTimeoutMs);
  app.useWebSocketAdapter(new AlertsWsAdapter(app, config.webSocket));
  if (config.security.docs) setupDocs(app, describeApi(app, packageVersion(), config.security.auth.mode));
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : '0.0.0';
}

/**
 * Closes connections that have not sent the head of their first request within the deadline. Node.js checks only every
 * half minute, which admits many connections that send a byte now and then.
 */
function setHeadDeadline(server: Server, deadlineMs: number): void {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), deadlineMs);
    timer.unref();
    timers.set(socket, timer);
    socket.once('close', () => clearTimeout(timer));
  });
  const arrived = ({ socket }: IncomingMessage): void => clearTimeout(timers.get(socket));
  server.on('request', arrived);
  server.on('upgrade', arrived);
}

/** The addresses that the server serves, one a line, for the log at its start. */
export function describeAddresses(
  { host, security }: Pick<Config, 'host' | 'security'>,
  port: number,
): string[] {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const s = security.tls ? 's' : '';
  return [
    ...(security.livePage ? [`Live page  http${s}://${authority}/`] : []),
    ...(security.docs ? [`API docs   http${s}://${authority}/docs and /redoc`] : []),
    `WebSocket  ws${s}://${authority}${ALERTS_PATH}`,
  ];
}
