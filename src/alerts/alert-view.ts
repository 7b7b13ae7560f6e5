import type { AlertEvent } from '../domain/alert.js';

/** What a group of subscribers sees of the log. Subscribers with the same `key` share their buffers. */
export interface AlertView {
  readonly key: string;
  readonly accepts: (event: AlertEvent) => boolean;
}

/** The plain profile: raised alerts and nothing else. */
export const PLAIN_VIEW: AlertView = { key: 'plain', accepts: (event) => event.kind === 'raised' };
