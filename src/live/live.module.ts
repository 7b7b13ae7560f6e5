import { Module } from '@nestjs/common';
import { LiveController } from '../platform/pages/live-page.controller.js';

/** The live page: static files that talk to the REST interface and the WebSocket like any other client. */
@Module({ controllers: [LiveController] })
export class LiveModule {}
