import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp, describeAddresses } from './app.setup.js';
import { ConfigError } from './config/config.js';
import { readDotenv } from './config/environment.js';
import { loadConfig } from './config/load-config.js';
import type { TlsConfig } from './config/security-config.js';
import { CHANNEL_KINDS } from './delivery/channels/registry.js';
import { armFailpoint } from './lib/failpoints.js';
import { renewCertificate } from './platform/http/tls.js';
import { codeOf } from './lib/error-code.js';

/** EX_CONFIG of sysexits.h: starting again without a change will not help. */
const EXIT_BAD_CONFIG = 78;
/** A stop that takes longer is cut short. */
const STOP_DEADLINE_MS = 10_000;

/**
 * Starts the server with the settings of the environment and of `.env`, and stops it on SIGTERM and SIGINT. Resolves when
 * it listens. When it cannot start, the process ends: with 78 where a setting is wrong, with 1 otherwise.
 */
export async function runServer(environment: NodeJS.ProcessEnv): Promise<void> {
  await start(environment).catch(fail);
}

async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  // An import makes much garbage and keeps little. By default V8 lets the heap double or more before it collects; this
  // takes a fifth off the peak memory of a large import for no time that could be measured.
  setFlagsFromString('--heap-growing-percent=50');
  armFailpoint(environment.PULSEWATCH_TEST_CRASH_AT);
  const config = loadConfig({ ...readDotenv('.env'), ...environment }, CHANNEL_KINDS);
  const starting = createApp(config);
  if (config.security.tls) renewOnHangup(starting, config.security.tls);
  const app = await starting;
  stopOnSignals(app);
  await app.listen(config.port, config.host).catch(async (error: unknown) => {
    await closeInTime(app);
    throw error;
  });
  const { port } = addressOf(app);
  const logger = new Logger('Pulsewatch');
  for (const line of describeAddresses(config, port)) logger.log(line);
}

function addressOf(app: NestExpressApplication): { port: number } {
  const address = app.getHttpServer().address();
  if (typeof address !== 'object' || address === null)
    throw new Error('The server does not listen on a TCP port');
  return address;
}

/** While the server starts, too: a hang-up without a listener ends the process. */
function renewOnHangup(starting: Promise<NestExpressApplication>, tls: TlsConfig): void {
  process.on('SIGHUP', () => {
    starting.then(
      (app) => renewCertificate(app.getHttpServer(), tls, new Logger('Pulsewatch')),
      () => undefined, // It did not start; main says so.
    );
  });
}

function stopOnSignals(app: NestExpressApplication): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      new Logger('Pulsewatch').log(`${signal}: stopping`);
      closeInTime(app).then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

/**
 * Everything has to end before `process.exit` is called: LMDB writes in a thread that waits for this one, and the exit
 * waits for that thread. For the same reason a stop that takes too long is not cut short by it.
 */
function closeInTime(app: NestExpressApplication): Promise<void> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_DEADLINE_MS).unref();
  return app.close();
}

function fail(error: unknown): never {
  if (error instanceof ConfigError) {
    console.error(error.message);
    process.exit(EXIT_BAD_CONFIG);
  }
  if (codeOf(error) === 'EADDRINUSE') {
    console.error(
      'Pulsewatch cannot start: the port is in use. Set PORT to another one, or stop what listens there.',
    );
  } else {
    console.error('Pulsewatch stopped:', error);
  }
  process.exit(1);
}
