import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule, LoggerService } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Config, LogLevel } from './config/config.js';

/**
 * Logs as JSON lines, or as text for a person at a terminal. Of a request only method, path and status are logged:
 * a query can hold a token, a body holds people's answers.
 */
export function loggerModule({ logLevel, logPretty }: Config): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: logLevel,
      ...(logPretty
        ? {
            transport: {
              target: 'pino-pretty',
              options: { ignore: 'pid,hostname,req,res', singleLine: true },
            },
          }
        : {}),
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, path: pathOf(url) }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
      customSuccessMessage: ({ method, url }, { statusCode }) =>
        `${method ?? ''} ${pathOf(url)} ${statusCode}`,
      customErrorMessage: ({ method, url }, { statusCode }) => `${method ?? ''} ${pathOf(url)} ${statusCode}`,
      customLogLevel: levelOf,
      quietReqLogger: true,
    },
  });
}

function pathOf(url = ''): string {
  return url.split('?')[0] ?? '';
}

/** Reads are many and change nothing, so they are told only to those who ask for detail. */
function levelOf(
  { method }: IncomingMessage,
  { statusCode }: ServerResponse,
  error?: Error,
): 'info' | 'debug' | 'error' {
  if (error || statusCode >= 500) return 'error';
  return method === 'GET' || method === 'HEAD' ? 'debug' : 'info';
}

/** What Nest says of itself while it starts: a line for every module and route. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** Keeps the framework's own chatter for those who ask for detail. */
export function quietStart(logger: LoggerService, level: LogLevel): LoggerService {
  if (level === 'debug' || level === 'trace') return logger;
  const quiet: LoggerService = Object.create(logger) as LoggerService;
  quiet.log = (message: unknown, ...rest: unknown[]): void => {
    if (!FRAMEWORK.has(String(rest.at(-1)))) logger.log(message, ...rest);
  };
  return quiet;
}
