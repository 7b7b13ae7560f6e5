/** A message that is put together and not delivered yet, as it is stored: every attempt sends the same events. */
export interface StoredMessage {
  /** The id of the notification. */
  readonly id: string;
  /** The key of its lane. */
  readonly lane: string;
  readonly kind: 'alerts' | 'reminder';
  /** The ids of its events, as the text of an `IdRanges`. */
  readonly ids: string;
  readonly isGroup: boolean;
  /** When the first of its events was decided, or a reminder was made: milliseconds since 1970. */
  readonly firstAt: number;
}

/** When and why something went wrong: words of ours, without any secret. */
export interface ChannelFault {
  readonly at: number;
  readonly reason: string;
}

/**
 * How far one destination has come, as it is stored: all that must outlive a restart. Sets of ids are texts of
 * `IdRanges`; `channel-progress.ts` reads and writes them. Field names are part of the stored format and stay, so that
 * versions of the server that run side by side read each other's states. Times are milliseconds since 1970.
 */
export interface ChannelState {
  /** The receiver's name, and behind a slash which of its destinations it is, if it has several. */
  readonly endpoint: string;
  readonly receiver: string;
  /** Grows by one with every change: a writer must have read the revision before. */
  readonly revision: number;
  /** The instance that serves it; empty: none does. */
  readonly holder: string;
  /** Raises up to here are older than the destination: it is never notified of them. */
  readonly since: number;
  /** Every event up to here is settled: sent, suppressed, dead-lettered, or not for this destination. */
  readonly cursor: number;
  /** What is settled above the cursor. */
  readonly done: string;
  /** The suppressed raises. */
  readonly untold: string;
  /** The dead-lettered raises. */
  readonly buried: string;
  /** Raises that fired when the routes changed: sent by old routes, and accepted only by the new ones. */
  readonly toldBefore: string;
  readonly neverTold: string;
  /** The routes in force, as JSON. */
  readonly routes: string;
  readonly prepared: readonly StoredMessage[];
  /** When the last reminder was made, by lane. */
  readonly remindedAt: Readonly<Record<string, number>>;
  /** Messages delivered so far. */
  readonly delivered: number;
  readonly lastDeliveredAt?: number | undefined;
  /** Since when every attempt has failed. */
  readonly failingSince?: number | undefined;
  readonly lastError?: ChannelFault | undefined;
  /** Nothing is sent until an operator resumes it. */
  readonly stopped?: ChannelFault | undefined;
  /** An operator wants its dead letters sent again. */
  readonly redrive?: RedriveRequest | undefined;
}

/** Which dead letters are sent again: those made at `before` or earlier; one of them, or all. */
export interface RedriveRequest {
  readonly before: number;
  readonly letter?: string;
}

/** The state of a destination that is new, at the head of the log. */
export function newChannelState(
  endpoint: string,
  receiver: string,
  { head, routes }: { readonly head: number; readonly routes: string },
): ChannelState {
  return {
    endpoint,
    receiver,
    revision: 0,
    holder: '',
    since: head,
    cursor: head,
    done: '',
    untold: '',
    buried: '',
    toldBefore: '',
    neverTold: '',
    routes,
    prepared: [],
    remindedAt: {},
    delivered: 0,
  };
}

/** A message that is not sent again unless an operator asks for it. */
export interface DeadLetter extends StoredMessage {
  /** Sorts by the first of its events. */
  readonly key: string;
  readonly endpoint: string;
  readonly receiver: string;
  readonly buriedAt: number;
  readonly reason: string;
}

/** Digits of the largest id that a number can hold exactly. */
const ID_DIGITS = 16;

/** The key of the dead letter of a message whose first event is `first`. */
export function deadLetterKey(first: number, messageId: string): string {
  return `${String(first).padStart(ID_DIGITS, '0')}.${messageId}`;
}
