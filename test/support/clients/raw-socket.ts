import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A WebSocket handshake by hand, for what a client library would not do. `then` goes in the same segment. */
export async function rawHandshake(url: string, then: Buffer = Buffer.alloc(0)): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const request = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '',
    '',
  ].join('\r\n');
  socket.write(Buffer.concat([Buffer.from(request), then]));
  await once(socket, 'readable');
  return socket;
}

/** A client frame: masked, as RFC 6455 wants it. `opcode` 1 is text, 0 goes on, 9 is a ping. */
export function clientFrame(opcode: number, payload: string | Buffer, final = true): Buffer {
  const body = Buffer.from(payload);
  if (body.length > 125) throw new Error('for short frames only');
  const mask = randomBytes(4);
  const masked = body.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, 0x80 | body.length]), mask, masked]);
}

/** The text frames among the bytes of a server. */
export function serverTexts(bytes: Buffer): string[] {
  const texts: string[] = [];
  const end = bytes.indexOf('\r\n\r\n');
  for (let at = end < 0 ? 0 : end + 4; at + 2 <= bytes.length;) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    let start = at + 2;
    if (length === 126) {
      length = bytes.readUInt16BE(start);
      start += 2;
    }
    if (opcode === 1) texts.push(bytes.subarray(start, start + length).toString('utf8'));
    at = start + length;
  }
  return texts;
}
