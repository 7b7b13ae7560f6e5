import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import webPush from 'web-push';
import { AppModule } from '../../src/app.module.js';
import { setupApp } from '../../src/app.setup.js';
import type { EgressProblem } from '../../src/channels/web-push/endpoint-check.js';
import { PushReceivers } from '../../src/channels/web-push/push-receivers.js';
import { WebPushModule } from '../../src/channels/web-push/web-push.module.js';
import type { WebPushReceiver } from '../../src/config/channels-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Secret } from '../../src/config/secret.js';
import type { Variables } from './app.js';

/** A receiver with keys of its own. */
export function pushReceiver(name: string, differing: Partial<WebPushReceiver> = {}): WebPushReceiver {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  return {
    ...{ kind: 'web_push', name, detail: 'thin', retryMaxMs: 30_000, giveUpMs: 1e9, timeoutMs: 10_000 },
    vapidPublic: publicKey,
    vapidPrivate: new Secret(privateKey),
    subject: 'mailto:ops@example.com',
    allowPrivate: false,
    ...differing,
  } as const;
}

class GivenReceivers extends PushReceivers {
  constructor(private readonly receivers: readonly WebPushReceiver[]) {
    super();
  }

  all(): readonly WebPushReceiver[] {
    return this.receivers;
  }
}

/** The whole application in this process, with these receivers for push messages. */
export class PushApp {
  private constructor(
    readonly nest: NestExpressApplication,
    readonly url: string,
  ) {}

  static async start(
    variables: Variables,
    receivers: readonly WebPushReceiver[],
    egressProblem: EgressProblem,
  ): Promise<PushApp> {
    const config = loadConfig({ LOG_LEVEL: 'silent', PORT: '0', RISK_EVALUATE_EVERY: '0', ...variables });
    const provider = { provide: PushReceivers, useValue: new GivenReceivers(receivers) };
    const app = AppModule.for(config);
    const root: DynamicModule = {
      ...app,
      imports: [...(app.imports ?? []), WebPushModule.for(provider, egressProblem)],
    };
    const nest = await NestFactory.create<NestExpressApplication>(root, {
      abortOnError: false,
      forceCloseConnections: true,
      logger: false,
    });
    setupApp(nest, config);
    await nest.listen(config.port, config.host);
    const server: Server = nest.getHttpServer();
    const { port } = server.address() as AddressInfo;
    return new PushApp(nest, `http://127.0.0.1:${port}`);
  }

  stop(): Promise<void> {
    return this.nest.close();
  }
}
