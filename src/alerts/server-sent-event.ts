import type { FrameEncoding, OutgoingMessage } from '../delivery/alerts/frame-encoding.js';

/**
 * One event of a `text/event-stream` (WHATWG HTML, section 9.2). JSON holds no line break, so `data` is one line. The id
 * is what a browser sends back as `Last-Event-ID`.
 */
export function serverSentEvent(message: OutgoingMessage): Buffer {
  const id = message.id === undefined ? '' : `id: ${message.id}\n`;
  return Buffer.from(`${id}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`, 'utf8');
}

export const SSE_ENCODING: FrameEncoding = { name: 'sse', encode: serverSentEvent };
