import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { Config } from '../../config/config.js';
import type { ReceiverConfig } from '../../config/channels-config.js';
import type { ChannelFault, ChannelState } from '../../domain/notifications/channel-state.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { ChannelStateStore } from '../../storage/ports/channel-state.store.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { ChannelMetrics } from './channel-metrics.js';
import { ChannelSupervisor } from './supervisor.js';
import {
  CHANNEL_STATES,
  type ChannelDto,
  type ChannelStateWord,
  type DestinationDto,
} from './channels.dto.js';
import { Destinations } from './destinations.js';

/** The status of receivers: the same on every instance, a few seconds late for destinations of other instances. */
@Injectable()
export class ChannelStatus implements OnModuleInit {
  private readonly time: ZonedTime;

  constructor(
    private readonly config: Config,
    @Inject(ChannelStateStore) private readonly states: ChannelStateStore,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
    private readonly destinations: Destinations,
    private readonly supervisor: ChannelSupervisor,
    private readonly log: AlertLog,
    private readonly metrics: Metrics,
    private readonly channelMetrics: ChannelMetrics,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  onModuleInit(): void {
    this.metrics.beforeScrape(() => this.reportLag());
  }

  /** Every receiver, in the order of the file. Throws StorageError. */
  async all(): Promise<ChannelDto[]> {
    const states = new Map((await this.states.list()).map((state) => [state.endpoint, state]));
    const endpoints = await this.destinations.all();
    return Promise.all(
      (this.config.channels?.receivers ?? []).map(async (receiver) => {
        const own = endpoints
          .filter((endpoint) => endpoint.receiver.name === receiver.name)
          .map(({ name }) => this.destination(name, this.supervisor.stateOf(name) ?? states.get(name)));
        return channelOf(receiver, own, await this.letters.count(receiver.name));
      }),
    );
  }

  private destination(name: string, state: ChannelState | undefined): DestinationDto {
    return {
      name,
      state: wordOf(state),
      lag: state ? this.lagOf(state) : 0,
      delivered: state?.delivered ?? 0,
      last_delivered_at: this.iso(state?.lastDeliveredAt),
      failing_since: this.iso(state?.failingSince),
      last_error: this.fault(state?.stopped ?? state?.lastError),
    };
  }

  private lagOf({ cursor }: ChannelState): number {
    return Math.max(0, this.log.head - cursor);
  }

  private fault(fault: ChannelFault | undefined): DestinationDto['last_error'] {
    return fault ? { at: this.time.iso(fault.at), reason: fault.reason } : null;
  }

  private iso(at: number | undefined): string | null {
    return at === undefined ? null : this.time.iso(at);
  }

  /** Of the destinations that are served here: each instance reports its own. */
  private reportLag(): void {
    this.channelMetrics.lags(
      this.supervisor.served().map(({ receiver, state }) => ({ receiver, events: this.lagOf(state) })),
    );
  }
}

function channelOf(
  { name, kind, detail }: ReceiverConfig,
  destinations: DestinationDto[],
  deadLetters: number,
): ChannelDto {
  const worst = Math.max(0, ...destinations.map(({ state }) => CHANNEL_STATES.indexOf(state)));
  return {
    ...{ name, kind, detail, destinations },
    state: CHANNEL_STATES[worst] ?? 'ok',
    lag: Math.max(0, ...destinations.map(({ lag }) => lag)),
    dead_letters: deadLetters,
  };
}

function wordOf(state: ChannelState | undefined): ChannelStateWord {
  if (state === undefined || state.holder === '') return 'waiting';
  if (state.stopped) return 'stopped';
  return state.failingSince === undefined ? 'ok' : 'failing';
}
