import type { Clock } from '../concurrency/clock.js';

/** What every channel is given beside its receiver's configuration. */
export interface ChannelContext {
  readonly clock: Clock;
  /** The address of the live page, for people to read more; absent: there is none to be reached. */
  readonly link?: string;
  /** IANA name of the zone in which messages tell the time. */
  readonly timezone: string;
}
