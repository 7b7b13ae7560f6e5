import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { isCongested } from './alert-subscriber.js';
import { textFrame } from './websocket-frame.js';

/**
 * One WebSocket connection: `ws` reads and does the protocol, while frames for many are written to the TCP socket
 * directly. Both write whole frames, so they cannot cut into each other.
 */
export class AlertSocket {
  constructor(
    readonly ws: WebSocket,
    readonly tcp: Socket,
    readonly request: IncomingMessage,
  ) {}

  /** Sends one message now, unless the peer has stopped reading: an answer to a ping may be dropped, an alert not. */
  send(message: object): void {
    if (this.tcp.writable && !isCongested(this.tcp)) this.tcp.write(textFrame(message));
  }

  /** Sends one message that must arrive, in its place among the alerts. */
  sendAlways(message: object): void {
    if (this.tcp.writable) this.tcp.write(textFrame(message));
  }

  /** Starts the closing handshake. `code` is one of contract section 7. */
  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }
}
