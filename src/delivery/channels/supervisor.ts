import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { LeaseLostError } from '../../lib/lease.js';
import { Mutex } from '../../lib/mutex.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import type { ReceiverConfig } from '../../config/channels-config.js';
import { newChannelState, type ChannelState } from '../../domain/notifications/channel-state.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { ChannelStateStore } from '../../storage/ports/channel-state.store.js';
import { ChannelLoop, type ChannelWorker } from './worker.js';
import { DestinationGone, Destinations, type Endpoint } from './destinations.js';
import { acquireChannel, type ChannelLease } from './channel-lease.js';
import { ChannelPipeline } from './pipeline.js';

/** Pause between two looks for destinations without an instance, and for what operators asked of those served here. */
const LOOK_MS = 5_000;

interface Running {
  readonly endpoint: Endpoint;
  readonly lease: ChannelLease;
  readonly loop: ChannelLoop;
}

/**
 * Keeps every destination served by one instance: takes those that have none, or whose instance is gone, and restarts
 * workers that failed.
 */
@Injectable()
export class ChannelSupervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChannelSupervisor.name);
  private readonly running = new Map<string, Running>();
  private readonly mutex = new Mutex();
  private readonly job = new PeriodicJob(
    {
      everyMs: LOOK_MS,
      logger: this.logger,
      failure: 'Channels cannot be served; trying again',
      recovery: 'Channels are served again',
    },
    () => this.look(),
  );
  private isStopping = false;

  constructor(
    @Inject(ChannelStateStore) private readonly states: ChannelStateStore,
    private readonly destinations: Destinations,
    private readonly pipeline: ChannelPipeline,
    private readonly registry: InstanceRegistry,
    private readonly log: AlertLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.log.listen(() => this.wakeAll());
    // Awaited: a new destination begins before the first request can raise an alert.
    await this.job.runNow();
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.job.stop();
    await this.mutex.run(() => Promise.resolve());
    await Promise.all([...this.running.values()].map((running) => this.leave(running)));
    await this.destinations.close();
  }

  /** The state of a destination that is served here: newer than the stored one. */
  stateOf(endpoint: string): ChannelState | undefined {
    return this.running.get(endpoint)?.lease.record;
  }

  /** The destinations that are served here: the receiver and the state of each. */
  served(): { readonly receiver: ReceiverConfig; readonly state: ChannelState }[] {
    return [...this.running.values()].map(({ endpoint: { receiver }, lease }) => ({
      receiver,
      state: lease.record,
    }));
  }

  /** Looks for destinations to serve, and for what operators asked. Throws StorageError. */
  look(): Promise<void> {
    return this.mutex.run(async () => {
      if (this.isStopping) return;
      // In this order: a state without a destination is then one of the past.
      const states = new Map((await this.states.list()).map((state) => [state.endpoint, state]));
      const endpoints = await this.destinations.all();
      const presence = await this.registry.look();
      const names = new Set(endpoints.map(({ name }) => name));
      for (const [name, running] of this.running) if (!names.has(name)) await this.leave(running);
      await this.forgetAllBut(names, states.values());
      for (const endpoint of endpoints) {
        const state = states.get(endpoint.name) ?? this.newState(endpoint);
        const running = this.running.get(endpoint.name);
        if (running !== undefined && running.endpoint !== endpoint) await this.leave(running);
        else if (running !== undefined) await this.attend(running, state);
        else if (state.holder === '' || state.holder === this.registry.id || presence.isGone(state.holder))
          await this.take(endpoint, state);
      }
    });
  }

  private async forgetAllBut(names: ReadonlySet<string>, states: Iterable<ChannelState>): Promise<void> {
    for (const { endpoint, receiver } of states)
      if (!names.has(endpoint) && this.destinations.areSubscribed(receiver))
        await this.states.remove(endpoint);
  }

  private newState({ name, receiver }: Endpoint): ChannelState {
    return newChannelState(name, receiver.name, { head: this.log.head, routes: this.pipeline.routesInForce });
  }

  private async attend(running: Running, { revision }: ChannelState): Promise<void> {
    // Another revision: this instance wrote since the list was read, or an operator asked for something.
    if (revision !== running.lease.record.revision && (await running.lease.refresh())) running.loop.wake();
  }

  private async take(endpoint: Endpoint, state: ChannelState): Promise<void> {
    const lease = await acquireChannel(this.states, this.pipeline.underTheseRoutes(state), this.registry.id);
    if (lease === undefined) return;
    const worker: ChannelWorker = this.pipeline.workerOf(endpoint, lease);
    const loop = new ChannelLoop(worker, (error) => this.failed(endpoint, error));
    this.running.set(endpoint.name, { endpoint, lease, loop });
    loop.start();
  }

  private async leave({ endpoint, lease, loop }: Running): Promise<void> {
    await loop.stop();
    this.running.delete(endpoint.name);
    await lease.release().catch((error: unknown) => {
      if (!(error instanceof LeaseLostError))
        this.logger.warn(
          { err: error },
          `${endpoint.slug} could not be released; other instances take it over once this one is gone`,
        );
    });
  }

  /** The next look starts it again, from the stored state. */
  private failed({ name, slug }: Endpoint, error: unknown): void {
    this.running.delete(name);
    if (error instanceof LeaseLostError) this.logger.log(`${slug} is served by another instance now`);
    else if (error instanceof DestinationGone) this.logger.log(`${slug} is gone and was removed`);
    else this.logger.error({ err: error }, `${slug}: sending failed; it continues within seconds`);
  }

  private wakeAll(): void {
    for (const { loop } of this.running.values()) loop.wake();
  }
}
