import { Module } from '@nestjs/common';
import { AcknowledgeController, AlertsController } from './alerts.controller.js';
import { Acknowledgements } from '../../alerting/actions/acknowledgements.js';
import { FrameCache } from './frame-cache.js';
import { AlertFollowing, AlertHistory } from './alert-queries.js';
import { AlertMessages } from './messages.js';
import { AlertReset } from '../../alerting/actions/alert-reset.js';
import { SseController } from './sse.controller.js';
import { Hub } from './hub.js';
import { AlertsGateway } from './alerts.gateway.js';
import { SilencesController } from './silences.controller.js';
import { Silences } from '../../alerting/actions/silences.js';
import { SnapshotCache } from './snapshot-cache.js';
import { WebSocketDocsController } from './websocket-docs.controller.js';

/** The alert log over WebSocket, server-sent events and REST. */
@Module({
  // The path of the stream must be registered before the path of one alert.
  controllers: [
    SseController,
    AlertsController,
    AcknowledgeController,
    SilencesController,
    WebSocketDocsController,
  ],
  providers: [
    AlertsGateway,
    FrameCache,
    AlertMessages,
    AlertHistory,
    AlertFollowing,
    AlertReset,
    Acknowledgements,
    Silences,
    Hub,
    SnapshotCache,
  ],
})
export class AlertsModule {}
