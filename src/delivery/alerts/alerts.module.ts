import { Module } from '@nestjs/common';
import { AcknowledgeController, AlertsController } from './alerts.controller.js';
import { Acknowledgements } from '../../alerting/actions/acknowledgements.js';
import { AlertFeed } from './frame-cache.js';
import { AlertFollowing, AlertHistory } from './alert-queries.js';
import { AlertMessages } from './messages.js';
import { AlertReset } from '../../alerting/actions/alert-reset.js';
import { AlertStreamController } from './sse.controller.js';
import { AlertSubscriptions } from './hub.js';
import { AlertsGateway } from './alerts.gateway.js';
import { SilencesController } from './silences.controller.js';
import { Silences } from '../../alerting/actions/silences.js';
import { SnapshotFrames } from './snapshot-cache.js';
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
