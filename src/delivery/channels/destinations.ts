import { createHash } from 'node:crypto';
import type { ReceiverConfig } from '../../config/channels-config.js';
import type { Lane } from '../../domain/notifications/routing.js';
import type { Notifier } from './notifier.js';

/** Events in one call of a webhook: of a few hundred bytes each, so that the body stays below the 20 KB of Standard Webhooks. */
const CALL_EVENTS = 50;
/** How long the first alert waits for others where neither route nor receiver says. */
const PEOPLE_WINDOW_MS = 30_000;
/** So many that two of a few thousand never share them. */
const SLUG_DIGITS = 16;

/** One destination: a receiver, or one of its recipients. */
export interface Endpoint {
  /** The receiver's name, and behind a slash which of its destinations it is, if it has several. */
  readonly name: string;
  /** Begins the ids of its messages: `[a-z0-9.-]+`, the same after every restart. */
  readonly slug: string;
  readonly receiver: ReceiverConfig;
  readonly channel: Notifier;
}

/** The destination of a receiver that has no other. */
export function onlyOf(receiver: ReceiverConfig, channel: Notifier): Endpoint {
  const { name } = receiver;
  return { name, slug: name, receiver, channel };
}

/** One of several destinations of a receiver. `which` is unique among them; the slug does not tell it. */
export function severalOf(receiver: ReceiverConfig, which: string, channel: Notifier): Endpoint {
  const code = createHash('sha256').update(which).digest('hex').slice(0, SLUG_DIGITS);
  return { name: `${receiver.name}/${which}`, slug: `${receiver.name}.${code}`, receiver, channel };
}

/** How the events of a lane are put into messages. */
interface Gathering {
  readonly windowMs: number;
  /** At most so many events in one message; `Infinity` where it only counts them. */
  readonly maxEvents: number;
  readonly isGroup: boolean;
}

/**
 * People get whatever waits as one message. Webhooks get every event: one a call, unless the route gathers them.
 */
export function gatheringOf({ kind }: Pick<ReceiverConfig, 'kind'>, { groupWindowMs }: Lane): Gathering {
  if (kind !== 'webhook')
    return { windowMs: groupWindowMs ?? PEOPLE_WINDOW_MS, maxEvents: Infinity, isGroup: true };
  const windowMs = groupWindowMs ?? 0;
  const isGroup = windowMs > 0;
  return { windowMs, maxEvents: isGroup ? CALL_EVENTS : 1, isGroup };
}

/** A destination said that it is gone, and was forgotten. */
export class DestinationGone extends Error {}

/**
 * Everything that messages can go to at this moment: one destination for most receivers, one for each recipient of
 * others. The same destination is the same object each time.
 */
export abstract class Destinations {
  /** Throws StorageError where recipients are kept in the store. */
  abstract all(): Promise<readonly Endpoint[]>;

  /**
   * Whether the destinations of a receiver subscribe and unsubscribe: what is kept of one that is gone is removed. One
   * that is gone from the channels file may come back, and goes on where it was.
   */
  abstract comeAndGo(receiver: string): boolean;

  /** A destination has said that it is gone. Answers whether it is forgotten; otherwise it waits for people to mend it. Throws StorageError. */
  abstract gone(endpoint: Endpoint): Promise<boolean>;

  /** Lets go of every connection. */
  abstract close(): Promise<void>;
}
