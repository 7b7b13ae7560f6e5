/** A message to a subscriber: an object with a `type`, and an `id` where a client can resume after it. */
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

/** FIN and the text opcode (RFC 6455, section 5.2); server frames carry no mask. */
const FINAL_TEXT = 0x81;

/** One whole WebSocket text frame with the JSON of `message`. */
export function textFrame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([header(payload.length), payload]);
}

export const WEBSOCKET_ENCODING: FrameEncoding = { name: 'websocket', encode: textFrame };

function header(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, length]);
  if (length < 0x1_0000) {
    const bytes = Buffer.from([FINAL_TEXT, 126, 0, 0]);
    bytes.writeUInt16BE(length, 2);
    return bytes;
  }
  const bytes = Buffer.alloc(10);
  bytes.writeUInt8(FINAL_TEXT, 0);
  bytes.writeUInt8(127, 1);
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

/**
 * One event of a `text/event-stream` (WHATWG HTML, section 9.2). JSON holds no line break, so `data` is one line. The id
 * is what a browser sends back as `Last-Event-ID`.
 */
function serverSentEvent(message: OutgoingMessage): Buffer {
  const id = message.id === undefined ? '' : `id: ${message.id}\n`;
  return Buffer.from(`${id}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`, 'utf8');
}

export const SSE_ENCODING: FrameEncoding = { name: 'sse', encode: serverSentEvent };
