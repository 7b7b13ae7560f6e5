import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { Config } from '../../config/config.js';
import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { readProgress, writeProgress } from '../../domain/notifications/channel-progress.js';
import { Routing, reroute } from '../../domain/notifications/routing.js';
import { Clock } from '../../lib/clock.js';
import { YieldingMutex } from '../../lib/mutex.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { Backlog } from './backlog.js';
import type { ChannelLease } from './channel-lease.js';
import { ChannelLog } from './channel-log.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelWorker } from './worker.js';
import { DeadLetters } from './dead-letters.js';
import { Destinations, type Endpoint } from './destinations.js';
import { LaneSource, RedriveSource } from './message-sources.js';
import { MessageBuilder } from './message-builder.js';

/**
 * The way of an event from the alert log to a receiver. Each destination has a pipeline of its own, served by one
 * instance. The stages, in their order:
 *
 * | stage | where | what it does |
 * |---|---|---|
 * | lease | `ChannelLease` | one instance serves the destination; its revision fences off the others |
 * | read | `ChannelLog.after` | reads the log from the cursor on, a record at a time |
 * | route | `Backlog.offer` | puts the id of the event into the lane that the routes choose, or drops it |
 * | wait | `LaneSource.waitMs` | waits for the group window, the quiet hours, or the next reminder |
 * | decide | `Backlog.decide` | sends the event, suppresses, drops or dead-letters it |
 * | choose | `MessageBuilder.next` | makes a message of ids; a group is stored before it is sent |
 * | render | `MessageBuilder.render` | reads the events of the ids, as the log holds them now |
 * | deliver | `Notifier.deliver` | turns the notification into text for the peer, and makes one attempt |
 * | retry | `RetrySchedule` | the only stage that retries: decides by the result, and sets the pause |
 * | settle | `MessageSource.settle`, `giveUp` | stores the new cursor, or a dead letter |
 *
 * Between "route" and "render" an event is its id, a number; ids become text where a state is stored
 * (`channel-progress.ts`) and where a notifier writes its message, and nowhere else. `ChannelWorker` runs the stages,
 * `ChannelSupervisor` starts a worker for each destination.
 */
@Injectable()
export class ChannelPipeline {
  private readonly zone: ZonedTime;
  private readonly routing: Routing;
  private readonly routes: string;
  private readonly turns = new YieldingMutex();
  private readonly builder: MessageBuilder;

  constructor(
    config: Config,
    private readonly alerts: AlertLog,
    private readonly log: ChannelLog,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
    private readonly clock: Clock,
    private readonly metrics: ChannelMetrics,
    private readonly destinations: Destinations,
  ) {
    this.zone = new ZonedTime(config.alertTimezone);
    const routes = config.channels?.routes ?? [];
    this.routing = new Routing(routes);
    this.routes = JSON.stringify(routes);
    this.builder = new MessageBuilder(this.routing, log, alerts, this.turns);
  }

  /** The routes in force, as a state stores them. */
  get routesInForce(): string {
    return this.routes;
  }

  /** The state under the routes in force: it remembers what old routes sent. */
  underTheseRoutes(state: ChannelState): ChannelState {
    if (state.routes === this.routes) return state;
    const progress = readProgress(state);
    const rerouted = reroute(state, progress, this.routing, this.alerts.active());
    return { ...state, ...writeProgress({ ...progress, ...rerouted }), routes: this.routes };
  }

  /** The worker that continues from the state of the lease. */
  workerOf(endpoint: Endpoint, lease: ChannelLease): ChannelWorker {
    const { alerts, log, clock, metrics, routing, builder, turns, zone } = this;
    const backlog = new Backlog(lease.record, routing, endpoint.receiver.name);
    const letters = new DeadLetters(this.letters, endpoint, clock);
    const context = { endpoint, backlog, lease, builder, letters, log, zone };
    const lanes = backlog.lanes.map((queue) => new LaneSource(queue, context, clock.now()));
    return new ChannelWorker({
      ...{ endpoint, lease, backlog, log, builder, turns, alerts, clock, metrics, random: Math.random },
      forget: () => this.destinations.forget(endpoint),
      sources: [...lanes, new RedriveSource(context)],
    });
  }
}
