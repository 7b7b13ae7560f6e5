import { AlertLog } from '../../../src/alerting/log/alert-log.js';
import { ChannelLog } from '../../../src/delivery/channels/channel-log.js';
import { ChannelMetrics } from '../../../src/delivery/channels/channel-metrics.js';
import type { ChannelWorker } from '../../../src/delivery/channels/worker.js';
import { type Endpoint, Destinations } from '../../../src/delivery/channels/destinations.js';
import {
  DELIVERED,
  Notifier,
  type Audience,
  type Delivery,
} from '../../../src/delivery/channels/notifier.js';
import { acquireChannel, type ChannelLease } from '../../../src/delivery/channels/channel-lease.js';
import { ChannelPipeline } from '../../../src/delivery/channels/pipeline.js';
import type { SlackReceiver } from '../../../src/delivery/channels/slack/slack.notifier.js';
import type { WebhookReceiver } from '../../../src/delivery/channels/webhook/webhook-receiver.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { Secret } from '../../../src/config/secret.js';
import type { AlertDecision, RaisedEvent } from '../../../src/domain/alerts/alert.js';
import type { LogDecision } from '../../../src/domain/alerts/log-event.js';
import { newChannelState } from '../../../src/domain/notifications/channel-state.js';
import { clearing } from '../../../src/domain/alerts/evaluate.js';
import type { Notification } from '../../../src/domain/notifications/notification.js';
import type { Route } from '../../../src/domain/notifications/routing.js';
import { Metrics } from '../../../src/platform/observability/metrics.js';
import { openEmbeddedStorage } from '../../../src/storage/embedded/embedded-storage.js';
import { SettableClock } from './settable-clock.js';
import { temporaryFolder } from './temporary-folder.js';

export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;

/** A channel that keeps its notifications, and returns the scripted result. */
export class ScriptedChannel extends Notifier {
  override pauseMs = 0;
  readonly attempts: { readonly at: number; readonly notification: Notification }[] = [];
  readonly delivered: Notification[] = [];
  answer: Delivery = DELIVERED;

  constructor(
    private readonly clock: SettableClock,
    override readonly audience: Audience,
  ) {
    super();
  }

  override deliver(notification: Notification): Promise<Delivery> {
    this.attempts.push({ at: this.clock.now(), notification });
    if (this.answer.outcome === 'delivered') this.delivered.push(notification);
    return Promise.resolve(this.answer);
  }

  /** Ids of the events that arrived, message by message. */
  get arrived(): number[][] {
    return this.delivered.map(({ events }) => events.map(({ id }) => id));
  }
}

export const DOWN: Delivery = { outcome: 'failed', retryable: true, reason: 'HTTP 503' };
export const REFUSED: Delivery = { outcome: 'failed', retryable: false, reason: 'HTTP 400' };

export const route = (parts: Partial<Route>): Route => ({
  match: {},
  to: ['it'],
  repeatMs: 0,
  continue: false,
  ...parts,
});

const base = { name: 'it', detail: 'thin', retryMaxMs: 30_000, giveUpMs: DAY, timeoutMs: 1_000 } as const;
const RECEIVERS = {
  webhook: { ...base, kind: 'webhook', url: new Secret(''), secrets: [], allowPrivate: false },
  slack: { ...base, kind: 'slack', url: new Secret('') },
} satisfies { webhook: WebhookReceiver; slack: SlackReceiver };

/** A destination of the channels file: it waits for an operator when it is gone. */
class OneDestination extends Destinations {
  constructor(private readonly endpoint: Endpoint) {
    super();
  }

  all(): Promise<readonly Endpoint[]> {
    return Promise.resolve([this.endpoint]);
  }

  areSubscribed(): boolean {
    return false;
  }

  forget(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return this.endpoint.channel.close();
  }
}

/** An alert log on the embedded store, and one destination that follows it, driven step by step by a clock that stands still. */
export class ChannelHarness {
  readonly channel: ScriptedChannel;
  private worker: ChannelWorker | undefined;
  private lease: ChannelLease | undefined;

  private constructor(
    readonly storage: ReturnType<typeof openEmbeddedStorage>,
    readonly log: AlertLog,
    readonly clock: SettableClock,
    private readonly endpoint: Endpoint,
    private routes: readonly Route[],
    private readonly remove: () => Promise<void>,
  ) {
    this.channel = endpoint.channel as ScriptedChannel;
  }

  static async open(
    kind: keyof typeof RECEIVERS,
    routes: readonly Route[] = [route({})],
    { now = Date.parse('2026-03-02T12:00:00Z'), retryMaxMs = 30_000 } = {},
  ): Promise<ChannelHarness> {
    const { path, remove } = await temporaryFolder();
    const storage = openEmbeddedStorage(path);
    const clock = new SettableClock(now);
    const log = new AlertLog(
      storage.alertLog,
      clock,
      new Metrics(),
      loadConfig({ ALERT_POLL_INTERVAL: '1h' }),
    );
    await log.onModuleInit();
    const channel = new ScriptedChannel(clock, kind === 'webhook' ? 'program' : 'people');
    const endpoint = { name: 'it', slug: 'it', receiver: { ...RECEIVERS[kind], retryMaxMs }, channel };
    const harness = new ChannelHarness(storage, log, clock, endpoint, routes, remove);
    await harness.start();
    return harness;
  }

  /** Starts, or continues from the stored state: as after a kill, or with other routes. */
  async start(routes = this.routes, instance = 'this'): Promise<void> {
    this.routes = routes;
    const channels = { receivers: [this.endpoint.receiver], routes };
    const config = Object.assign({}, loadConfig({}), { channels });
    const reader = new ChannelLog(this.log, this.storage.alertLog);
    reader.onModuleInit();
    const metrics = new ChannelMetrics(new Metrics());
    const pipeline = new ChannelPipeline(
      config,
      this.log,
      reader,
      this.storage.deadLetters,
      this.clock,
      metrics,
      new OneDestination(this.endpoint),
    );
    const { head } = this.log;
    const state =
      (await this.storage.channelStates.get('it')) ??
      newChannelState('it', 'it', { head, routes: pipeline.routesInForce });
    this.lease = await acquireChannel(this.storage.channelStates, pipeline.underTheseRoutes(state), instance);
    if (this.lease === undefined) throw new Error('Another instance took it');
    this.worker = pipeline.workerOf(this.endpoint, this.lease);
  }

  /** Runs what is due. Returns the milliseconds until there may be more. */
  step(): Promise<number> {
    if (this.worker === undefined) throw new Error('It is not started');
    return this.worker.step(new AbortController().signal);
  }

  /** Lets time pass, and runs what is due whenever something is. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (;;) {
      const wait = await this.step();
      if (this.clock.now() + wait > end) break;
      this.clock.advance(Math.max(1, Math.ceil(wait)));
    }
    this.clock.advance(end - this.clock.now());
    await this.step();
  }

  /** Appends stress alerts of these people, who are all in one department. */
  async raise(people: readonly string[], { department = 'Sales', stress = 60 } = {}): Promise<number[]> {
    return this.append(
      people.map((id, index): AlertDecision => ({
        kind: 'raised',
        alert: 'employee_stress',
        entityId: id,
        department,
        at: this.clock.now(),
        threshold: 40,
        data: {
          employee_id: id,
          employee_name: `Name of ${id}`,
          department,
          position: 'Clerk',
          stress_rate: stress + (index % 40),
          engagement_rate: null,
          attrition_rate: null,
        },
      })),
    );
  }

  /** Appends an alert of a department. */
  async turnCritical(department: string): Promise<number[]> {
    const data = {
      department_id: department,
      department_name: department,
      overall_risk: 'critical' as const,
    };
    return this.append([
      {
        kind: 'raised',
        alert: 'department_critical',
        entityId: department,
        department,
        at: this.clock.now(),
        data: { ...data, engagement_score: 40 },
      },
    ]);
  }

  /** Clears what fires for these. */
  async clear(entities: readonly string[]): Promise<number[]> {
    const active = this.log.active().filter(({ entityId }) => entities.includes(entityId));
    return this.append(active.map((event: RaisedEvent) => clearing(event, 'recovered', this.clock.now())));
  }

  async append(decisions: readonly LogDecision[]): Promise<number[]> {
    await this.log.refresh();
    const { appended } = await this.log.append(decisions, this.log.head);
    return appended.map(({ id }) => id);
  }

  get state(): ChannelLease['record'] {
    if (this.lease === undefined) throw new Error('It is not started');
    return this.lease.record;
  }

  /** Changes the state as an operator does over REST. */
  async ask(change: Partial<ChannelLease['record']>): Promise<void> {
    const state = await this.storage.channelStates.get('it');
    if (!state) throw new Error('There is no state');
    await this.storage.channelStates.put({ ...state, ...change, revision: state.revision + 1 });
    await this.lease?.refresh();
  }

  async close(): Promise<void> {
    await this.log.onApplicationShutdown();
    await this.storage.close();
    await this.remove();
  }
}
