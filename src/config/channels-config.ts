import type { Route } from '../domain/notifications/routing.js';

/** How much a receiver gets: `thin` holds type, department, count and link; `full` names people and their scores. */
export const DETAILS = ['thin', 'full'] as const;
export type Detail = (typeof DETAILS)[number];

/** What every receiver has; a kind adds its own fields. Times are milliseconds. */
export interface ReceiverConfig {
  /** Names the kind of channel: a key of the table that the file was read with. */
  readonly kind: string;
  /** `[a-z0-9][a-z0-9-]*`, unique in the file. */
  readonly name: string;
  readonly detail: Detail;
  /** The longest pause between two attempts. */
  readonly retryMaxMs: number;
  /** A message that fails for longer than this becomes a dead letter. */
  readonly giveUpMs: number;
  /** One attempt may take this long. */
  readonly timeoutMs: number;
}

/** The channels file, validated. */
export interface ChannelsConfig {
  readonly receivers: readonly ReceiverConfig[];
  readonly routes: readonly Route[];
}
