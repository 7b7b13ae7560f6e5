import { Module } from '@nestjs/common';
import { AlertFeed } from './alert-feed.js';
import { AlertHistory } from './alert-history.js';
import { AlertMessages } from './alert-messages.js';
import { AlertReset } from './alert-reset.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsGateway } from './alerts.gateway.js';
import { WebSocketDocsController } from './websocket-docs.controller.js';

/** Brings the alert log to people: over the WebSocket and over REST. */
@Module({
  controllers: [AlertsController, WebSocketDocsController],
  providers: [AlertsGateway, AlertFeed, AlertMessages, AlertHistory, AlertReset],
})
export class AlertsModule {}
