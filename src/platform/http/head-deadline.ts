import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import type { Socket } from 'node:net';

/**
 * Cuts off connections that have not sent the head of their first request after so many milliseconds. Node looks only
 * every half minute, which leaves room for many that send a byte now and then.
 */
export function setHeadDeadline(server: Server, deadlineMs: number): void {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), deadlineMs);
    timer.unref();
    timers.set(socket, timer);
    socket.once('close', () => clearTimeout(timer));
  });
  const arrived = ({ socket }: IncomingMessage): void => clearTimeout(timers.get(socket));
  server.on('request', arrived);
  server.on('upgrade', arrived);
}
