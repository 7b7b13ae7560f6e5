import type { Clock } from '../../lib/clock.js';
import type { Config } from '../../config/config.js';

/** What every channel is given beside its receiver's configuration. */
export interface NotifierContext {
  readonly clock: Clock;
  /** The address of the live page, for people to read more; absent: there is none to be reached. */
  readonly link?: string;
  /** IANA name of the zone in which messages tell the time. */
  readonly timezone: string;
}

/** The context that the configuration makes. */
export function contextOf(config: Config, clock: Clock): NotifierContext {
  const link = livePageLink(config);
  return { clock, timezone: config.alertTimezone, ...(link === undefined ? {} : { link }) };
}

/** Where messages lead: the live page as people reach it; undefined where it is not served, or its port is not known before. */
function livePageLink({ publicUrl, host, port, security }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (!security.livePage || port === 0) return undefined;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `${security.tls ? 'https' : 'http'}://${authority}:${port}/`;
}
