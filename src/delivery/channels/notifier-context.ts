import type { Clock } from '../../lib/clock.js';
import type { Config } from '../../config/config.js';
import { livePageLink } from '../../channels/live-page-link.js';

/** What every channel is given beside its receiver's configuration. */
export interface ChannelContext {
  readonly clock: Clock;
  /** The address of the live page, for people to read more; absent: there is none to be reached. */
  readonly link?: string;
  /** IANA name of the zone in which messages tell the time. */
  readonly timezone: string;
}

/** The context that the configuration makes. */
export function contextOf(config: Config, clock: Clock): ChannelContext {
  const link = livePageLink(config);
  return { clock, timezone: config.alertTimezone, ...(link === undefined ? {} : { link }) };
}
