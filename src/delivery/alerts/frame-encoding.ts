/** What is sent to a subscriber: an object with a `type`, and an `id` where a client can resume after it. */
export interface OutgoingMessage {
  readonly type: string;
  readonly id?: string;
  readonly [field: string]: unknown;
}

/** How a message looks on the wire. Subscribers with the same encoding share their buffers. */
export interface FrameEncoding {
  readonly name: 'websocket' | 'sse';
  /** One whole frame: what follows it is the next one. */
  readonly encode: (message: OutgoingMessage) => Buffer;
}
