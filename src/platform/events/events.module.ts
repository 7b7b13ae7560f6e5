import { Global, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { DomainEvents } from './domain-events.js';

/** The typed event bus, for every module. */
@Global()
@Module({
  imports: [EventEmitterModule.forRoot({ maxListeners: 50 })],
  providers: [DomainEvents],
  exports: [DomainEvents],
})
export class EventsModule {}
