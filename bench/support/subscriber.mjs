// A WebSocket client on a bare TCP socket: a handshake by hand, then frames as they come.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { FrameWalker } from './frame-walker.mjs';

const TEXT = 0x81;
/** Connections under way at once; a server's backlog is 511 by default. */
const AT_ONCE = 200;
/** Every socket reads into the same memory: what was read is walked over before the next socket reads. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);

/**
 * Connects; resolves with the socket when the first message, the greeting, is there. `onText` gets those after it, each
 * as a range of a buffer that lives no longer than the call; `onRead` is told before the messages of each read.
 */
function subscribe({ port, path, token }, { onText, onRead }, onLost) {
  return new Promise((resolve, reject) => {
    let isGreeted = false;
    let head = Buffer.alloc(0);
    const walker = new FrameWalker((buffer, start, end) => {
      if (buffer[start] !== TEXT) throw new Error(`unexpected frame 0x${buffer[start].toString(16)}`);
      if (isGreeted) onText(buffer, start, end);
      else resolve(socket);
      isGreeted = true;
    });
    const shakeHands = (chunk) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.toString('latin1').startsWith('HTTP/1.1 101')) reject(new Error(head.toString('latin1')));
      take = (bytes) => walker.take(bytes);
      take(head.subarray(end + 4));
    };
    let take = shakeHands;
    const callback = (length) => {
      onRead?.();
      take(READ_BUFFER.subarray(0, length));
      return true;
    };
    const socket = connect({ host: '127.0.0.1', port, onread: { buffer: READ_BUFFER, callback } });
    const lost = (error) => {
      reject(error);
      onLost(error);
    };
    socket.on('error', lost).on('close', () => lost(new Error('the server ended a connection')));
    socket.write(handshake(port, path, token));
  });
}

/**
 * Connects `count` clients, some at a time; `make(index)` says what the client does with its messages. With `tokens` they
 * bring one each, in turns.
 */
export async function subscribeMany(count, { tokens = [], ...address }, make, onLost) {
  const sockets = [];
  while (sockets.length < count) {
    const wave = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, (_, index) =>
      subscribe(
        { ...address, token: tokens[(sockets.length + index) % tokens.length] },
        make(sockets.length + index),
        onLost,
      ),
    );
    sockets.push(...(await Promise.all(wave)));
  }
  return sockets;
}

function handshake(port, path, token) {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    '',
    '',
  ].join('\r\n');
}
