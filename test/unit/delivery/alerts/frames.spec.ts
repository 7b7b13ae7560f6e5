import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../../../../src/delivery/alerts/frame-encoding.js';

let server: WebSocketServer;
let client: WebSocket;
/** The server's end of the connection, below the protocol. */
let socket: Socket;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [, request] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  socket = request.socket;
});
afterAll(() => {
  client.terminate();
  server.close();
});

/** What a client of the `ws` library makes of the bytes. */
async function received(bytes: Buffer): Promise<string> {
  socket.write(bytes);
  const [data, isBinary] = (await once(client, 'message')) as [Buffer, boolean];
  return isBinary ? 'binary' : data.toString('utf8');
}

describe('textFrame', () => {
  it.each([12, 125, 126, 65_535, 65_536, 200_000])(
    'is one whole text frame for %d bytes of JSON',
    async (bytes) => {
      const message = { a: 'x'.repeat(bytes - '{"a":""}'.length) };
      expect(await received(textFrame(message))).toBe(JSON.stringify(message));
    },
  );

  it('counts bytes, not characters', async () => {
    const message = { a: '€'.repeat(100) };
    expect(await received(textFrame(message))).toBe(JSON.stringify(message));
  });
});
