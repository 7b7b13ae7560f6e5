import type { FrameEncoding } from '../delivery/alerts/frame-encoding.js';

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
