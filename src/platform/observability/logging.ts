import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule, LoggerService } from '@nestjs/common';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import type { Config, LogLevel } from '../../config/config.js';

/** Configures the log: JSON lines, or text for a terminal. */
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
    },
    // The middleware of the module would run each request in an AsyncLocalStorage. On Node.js 20 that installed a hook for
    // every promise of the process and made calls to DynamoDB a fifth slower. See requestLog.
    forRoutes: [],
  });
}

/**
 * Logs responses. Requires the logger module. Only method, path and status are logged: a query can hold a token, and a
 * body holds personal data.
 */
export function requestLog(): HttpLogger {
  return pinoHttp({
    logger: PinoLogger.root,
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: pathOf(url) }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customSuccessMessage: ({ method, url }, { statusCode }) => `${method ?? ''} ${pathOf(url)} ${statusCode}`,
    customErrorMessage: ({ method, url }, { statusCode }) => `${method ?? ''} ${pathOf(url)} ${statusCode}`,
    customErrorObject: (_request, { statusCode }, _error, line: AnswerLine) =>
      withoutConstructedError(statusCode, line),
    customLogLevel: levelOf,
  });
}

function pathOf(url = ''): string {
  return url.split('?')[0] ?? '';
}

interface AnswerLine {
  readonly res: unknown;
  readonly responseTime: number;
}

/** For a status of 500 or more the request logger constructs an error, whose stack is only its own. */
function withoutConstructedError(status: number, { res, responseTime, ...whole }: AnswerLine): object {
  return status >= 500 ? { res, responseTime } : { res, responseTime, ...whole };
}

/**
 * Reads are many and change nothing, so they have the level `debug`. A status of 500 or more has the level `warn`: whether
 * it is a fault, or a refusal of a busy or stopping server, is logged where that is decided.
 */
function levelOf(
  { method }: IncomingMessage,
  { statusCode }: ServerResponse,
  error?: Error,
): 'info' | 'debug' | 'warn' {
  if (error || statusCode >= 500) return 'warn';
  return method === 'GET' || method === 'HEAD' ? 'debug' : 'info';
}

/** The contexts of Nest's own messages at the start: one for every module and route. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** Drops the messages of the framework unless the level is `debug` or `trace`. */
export function quietStart(logger: LoggerService, level: LogLevel): LoggerService {
  if (level === 'debug' || level === 'trace') return logger;
  const quiet: LoggerService = Object.create(logger) as LoggerService;
  quiet.log = (message: unknown, ...rest: unknown[]): void => {
    if (!FRAMEWORK.has(String(rest.at(-1)))) logger.log(message, ...rest);
  };
  return quiet;
}
