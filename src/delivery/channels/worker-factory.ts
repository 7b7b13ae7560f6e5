import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { YieldingMutex } from '../../lib/mutex.js';
import { Config } from '../../config/config.js';
import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { Routing, reroute } from '../../domain/notifications/routing.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { Backlog } from './backlog.js';
import { ChannelLog } from './log-cursor.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelWorker } from './worker.js';
import { DeadLetters } from './dead-letters.js';
import { Destinations, type Endpoint } from './destinations.js';
import { LaneSource } from './lane-source.js';
import { MessageBuilder } from './message-builder.js';
import { MessageRenderer } from './message-renderer.js';
import { RedriveSource } from './redrive-source.js';
import type { ChannelLease } from './channel-lease.js';

/** Makes the workers of destinations from their states. */
@Injectable()
export class WorkerFactory {
  private readonly zone: ZonedTime;
  private readonly routing: Routing;
  private readonly routes: string;
  private readonly turns = new YieldingMutex();
  private readonly rendering: MessageRenderer;

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
    this.rendering = new MessageRenderer(log);
  }

  /** What a new destination remembers of the routes by which it is told. */
  get routesInForce(): string {
    return this.routes;
  }

  /** The state as it is to be gone on with: what the routes before have told of is remembered apart. */
  underTheseRoutes(state: ChannelState): ChannelState {
    if (state.routes === this.routes) return state;
    return { ...state, ...reroute(state, this.routing, this.alerts.active()), routes: this.routes };
  }

  /** The worker that goes on where the state stands. */
  workerOf(endpoint: Endpoint, keeper: ChannelLease): ChannelWorker {
    const { alerts, log, clock, metrics, routing } = this;
    const backlog = new Backlog(keeper.state, routing, endpoint.receiver.name);
    const letters = new DeadLetters(this.letters, endpoint, clock);
    const preparation = new MessageBuilder(endpoint, routing, log, alerts, this.turns);
    const context = { endpoint, backlog, keeper, preparation, letters, log, zone: this.zone };
    const lanes = backlog.lanes.map((queue) => new LaneSource(queue, context, clock.now()));
    return new ChannelWorker({
      ...{ endpoint, keeper, backlog, log, alerts, clock, metrics, random: Math.random },
      ...{ rendering: this.rendering, turns: this.turns },
      gone: () => this.destinations.gone(endpoint),
      sources: [...lanes, new RedriveSource(keeper, letters, backlog)],
    });
  }
}
