import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { Poller } from '../../lib/poller.js';
import { Mutex } from '../../lib/mutex.js';
import type { ReceiverConfig } from '../../config/channels-config.js';
import { newChannelState, type ChannelState } from '../../domain/notifications/channel-state.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { ChannelStateStore } from '../../storage/ports/channel-state.store.js';
import { ChannelLoop, type ChannelWorker } from './worker.js';
import { DestinationGone, Destinations, type Endpoint } from './destinations.js';
import { LeaseLostError, ChannelLease } from './channel-lease.js';
import { WorkerFactory } from './worker-factory.js';

/** Pause between two looks for destinations that nobody works, and for what people asked of those that are worked here. */
const LOOK_MS = 5_000;

interface Running {
  readonly endpoint: Endpoint;
  readonly keeper: ChannelLease;
  readonly loop: ChannelLoop;
}

/**
 * Sees to it that every destination is worked by one instance: takes those that nobody works, or whose instance is
 * gone, and starts again what broke off.
 */
@Injectable()
export class ChannelSupervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChannelSupervisor.name);
  private readonly running = new Map<string, Running>();
  private readonly serial = new Mutex();
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.look(),
    (error) => this.reportFailure(error),
  );
  private failing = false;
  private isStopping = false;

  constructor(
    @Inject(ChannelStateStore) private readonly states: ChannelStateStore,
    private readonly destinations: Destinations,
    private readonly workers: WorkerFactory,
    private readonly registry: InstanceRegistry,
    private readonly log: AlertLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.log.listen(() => this.wakeAll());
    // Awaited, so that a new destination begins before the first request can raise an alert.
    await this.look().catch((error: unknown) => this.reportFailure(error));
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.poller.stop();
    await this.serial.run(() => Promise.resolve());
    await Promise.all([...this.running.values()].map((running) => this.leave(running)));
    await this.destinations.close();
  }

  /** The states of the destinations that are worked here: newer than what the store may tell. */
  stateOf(endpoint: string): ChannelState | undefined {
    return this.running.get(endpoint)?.keeper.state;
  }

  /** The receivers that are worked here, with the state of each destination. */
  worked(): { readonly receiver: ReceiverConfig; readonly state: ChannelState }[] {
    return [...this.running.values()].map(({ endpoint: { receiver }, keeper }) => ({
      receiver,
      state: keeper.state,
    }));
  }

  /** Looks what there is to work, and what people asked for. Throws StorageError. */
  look(): Promise<void> {
    return this.serial.run(async () => {
      if (this.isStopping) return;
      // In this order: the state of a destination that is not there then is one of the past.
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
      if (this.failing) this.logger.log('Channels can be worked again');
      this.failing = false;
    });
  }

  private async forgetAllBut(names: ReadonlySet<string>, states: Iterable<ChannelState>): Promise<void> {
    for (const { endpoint, receiver } of states)
      if (!names.has(endpoint) && this.destinations.comeAndGo(receiver)) await this.states.remove(endpoint);
  }

  private newState({ name, receiver }: Endpoint): ChannelState {
    return newChannelState(name, receiver.name, { head: this.log.head, routes: this.workers.routesInForce });
  }

  private async attend(running: Running, { revision }: ChannelState): Promise<void> {
    // Behind: it was written here since the list was read, or people asked for something.
    if (revision !== running.keeper.state.revision && (await running.keeper.refresh())) running.loop.wake();
  }

  private async take(endpoint: Endpoint, state: ChannelState): Promise<void> {
    const keeper = await ChannelLease.take(
      this.states,
      this.workers.underTheseRoutes(state),
      this.registry.id,
    );
    if (keeper === undefined) return;
    const worker: ChannelWorker = this.workers.workerOf(endpoint, keeper);
    const loop = new ChannelLoop(worker, (error) => this.brokenOff(endpoint, error));
    this.running.set(endpoint.name, { endpoint, keeper, loop });
    loop.start();
  }

  private async leave({ endpoint, keeper, loop }: Running): Promise<void> {
    await loop.stop();
    this.running.delete(endpoint.name);
    await keeper.release().catch((error: unknown) => {
      if (!(error instanceof LeaseLostError))
        this.logger.warn({ err: error }, `${endpoint.slug} could not be released; others find out`);
    });
  }

  /** The next look takes it up again, from what is durable. */
  private brokenOff({ name, slug }: Endpoint, error: unknown): void {
    this.running.delete(name);
    if (error instanceof LeaseLostError) this.logger.log(`${slug} is worked by another instance now`);
    else if (error instanceof DestinationGone) this.logger.log(`${slug} is gone, and removed`);
    else this.logger.error({ err: error }, `${slug}: sending broke off; it goes on soon`);
  }

  private wakeAll(): void {
    for (const { loop } of this.running.values()) loop.wake();
  }

  private reportFailure(error: unknown): void {
    if (!this.failing) this.logger.error({ err: error }, 'Channels cannot be worked; trying again');
    this.failing = true;
  }
}
