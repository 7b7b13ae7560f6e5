/** A message that was put together and not yet delivered: the same events at every attempt, whatever happens meanwhile. */
export interface PreparedMessage {
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
 * How far one destination has come: all that must outlive a restart. Sets of ids are texts of `IdRanges`. Times are
 * milliseconds since 1970.
 */
export interface ChannelState {
  /** The receiver's name, and behind a slash which of its destinations it is, if it has several. */
  readonly endpoint: string;
  readonly receiver: string;
  /** Grows by one with every change: whoever writes must have read the one before. */
  readonly revision: number;
  /** The instance that works it; empty: none does. */
  readonly holder: string;
  /** Raises up to here happened before the destination was there: it was never told of them. */
  readonly since: number;
  /** Every event up to here is settled: told, withheld, buried, or not for this destination. */
  readonly cursor: number;
  /** What is settled above the cursor. */
  readonly done: string;
  /** Raises that were withheld because of a silence: told once there is none any more, if they still fire. */
  readonly untold: string;
  /** Raises in dead letters: what follows them must not be told alone. */
  readonly buried: string;
  /** What still fired when the routes changed: raises that it was told of by a route that is gone, and those that none told it of. */
  readonly toldBefore: string;
  readonly neverTold: string;
  /** The routes by which it was told, as JSON. */
  readonly routes: string;
  readonly prepared: readonly PreparedMessage[];
  /** When what still fires was told last, by lane. */
  readonly remindedAt: Readonly<Record<string, number>>;
  /** Messages delivered so far. */
  readonly delivered: number;
  readonly lastDeliveredAt?: number | undefined;
  /** Since when every attempt has failed. */
  readonly failingSince?: number | undefined;
  readonly lastError?: ChannelFault | undefined;
  /** Nothing is sent until somebody resumes it. */
  readonly stopped?: ChannelFault | undefined;
  /** Somebody asked for its dead letters to be tried again. */
  readonly redrive?: RedriveRequest | undefined;
}

/** Which dead letters are to be tried again: those buried at `before` or earlier; one of them, or all. */
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

/** A message that nobody will try to deliver again, unless somebody asks for it. */
export interface DeadLetter extends PreparedMessage {
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
