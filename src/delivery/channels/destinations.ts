import { createHash } from 'node:crypto';
import type { ReceiverConfig } from '../../config/channels-config.js';
import type { ReceiverKind } from '../../config/receivers.js';
import type { Lane } from '../../domain/notifications/routing.js';
import type { PushSubscriptionStore } from '../../storage/ports/push-subscription.store.js';
import type { Audience, Notifier, NotifierContext } from './notifier.js';

/** Events in one call of a webhook: of a few hundred bytes each, so that the body stays below the 20 KB of Standard Webhooks. */
const CALL_EVENTS = 50;
/** The group window for people where neither route nor receiver sets one. */
const PEOPLE_WINDOW_MS = 30_000;
/** Enough digits to keep a few thousand slugs apart. */
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

/** One of several destinations of a receiver. `which` is unique among them; the slug does not show it. */
export function severalOf(receiver: ReceiverConfig, which: string, channel: Notifier): Endpoint {
  const code = createHash('sha256').update(which).digest('hex').slice(0, SLUG_DIGITS);
  return { name: `${receiver.name}/${which}`, slug: `${receiver.name}.${code}`, receiver, channel };
}

/** How the events of a lane are put into messages. */
interface Grouping {
  readonly windowMs: number;
  /** At most so many events in one message; `Infinity` where a message only counts them. */
  readonly maxEvents: number;
  readonly isGroup: boolean;
}

/** People get everything that waits as one message. Programs get one event a call, unless the route groups them. */
export function groupingOf(audience: Audience, { groupWindowMs }: Lane): Grouping {
  if (audience === 'people')
    return { windowMs: groupWindowMs ?? PEOPLE_WINDOW_MS, maxEvents: Infinity, isGroup: true };
  const windowMs = groupWindowMs ?? 0;
  const isGroup = windowMs > 0;
  return { windowMs, maxEvents: isGroup ? CALL_EVENTS : 1, isGroup };
}

/** The destinations of all receivers of one kind. The same destination is the same object each time. */
export interface DestinationSet {
  /** Throws StorageError where recipients are kept in the store. */
  all(): Promise<readonly Endpoint[]>;
  /** Forgets a destination that is gone. Present where destinations subscribe and unsubscribe. Throws StorageError. */
  readonly forget?: (endpoint: Endpoint) => Promise<void>;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** Destinations that the channels file names: they stay while the server runs. */
export function namedDestinations(endpoints: readonly Endpoint[]): DestinationSet {
  return {
    all: () => Promise.resolve(endpoints),
    close: async () => {
      await Promise.all(endpoints.map(({ channel }) => channel.close()));
    },
  };
}

/** What a kind gets to open its destinations. */
export interface KindContext extends NotifierContext {
  readonly subscriptions: PushSubscriptionStore;
}

/** One kind of channel: what the channels file may say of its receivers, and what opens their destinations. */
export interface ChannelKind<
  Receiver extends ReceiverConfig = ReceiverConfig,
> extends ReceiverKind<Receiver> {
  /** Opens the destinations of receivers that {@link schema} has read. Throws where one cannot be opened. */
  open(receivers: readonly Receiver[], context: KindContext): DestinationSet;
}

/** A destination is gone, and was forgotten. */
export class DestinationGone extends Error {}

/** Everything that messages go to at this moment, of every kind. The same destination is the same object each time. */
export abstract class Destinations {
  /** Throws StorageError where recipients are kept in the store. */
  abstract all(): Promise<readonly Endpoint[]>;

  /**
   * Whether the destinations of a receiver subscribe and unsubscribe: the state of one that is gone is removed. A
   * destination that is no longer in the channels file may come back, and continues where it was.
   */
  abstract areSubscribed(receiver: string): boolean;

  /** Forgets a destination that is gone. Returns false where it waits for an operator instead. Throws StorageError. */
  abstract forget(endpoint: Endpoint): Promise<boolean>;

  /** Closes every connection. */
  abstract close(): Promise<void>;
}
