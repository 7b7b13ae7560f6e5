import { Module } from '@nestjs/common';
import { AcknowledgeController } from './acknowledge.controller.js';
import { Acknowledgements } from './acknowledgements.js';
import { AlertFeed } from './alert-feed.js';
import { AlertFollowing } from './alert-following.js';
import { AlertHistory } from './alert-history.js';
import { AlertMessages } from './alert-messages.js';
import { AlertReset } from './alert-reset.js';
import { AlertStreamController } from './alert-stream.controller.js';
import { AlertSubscriptions } from './alert-subscriptions.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsGateway } from './alerts.gateway.js';
import { SilencesController } from './silences.controller.js';
import { Silences } from './silences.js';
import { SnapshotFrames } from './snapshot-frames.js';
import { WebSocketDocsController } from './websocket-docs.controller.js';

/** Brings the alert log to people: over the WebSocket and over REST. */
@Module({
  // The stream's path must be known before that of one alert.
  controllers: [
    AlertStreamController,
    AlertsController,
    AcknowledgeController,
    SilencesController,
    WebSocketDocsController,
  ],
  providers: [
    AlertsGateway,
    AlertFeed,
    AlertMessages,
    AlertHistory,
    AlertFollowing,
    AlertReset,
    Acknowledgements,
    Silences,
    AlertSubscriptions,
    SnapshotFrames,
  ],
})
export class AlertsModule {}
