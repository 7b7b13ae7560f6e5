import { connect, type Socket } from 'node:net';

/** An HTTP request by hand, for what a client library would not send. The peer closes after its answer. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  /** Sent at once; the rest may follow on the socket. */
  readonly body?: string;
}

/** How a client notices that the server has closed with something of the request unread. */
const RESETS = new Set(['ECONNRESET', 'EPIPE']);

/** Sends the request and leaves the socket open for more. */
export function openRequest(url: string, request: RawRequest): Socket {
  const { hostname, port } = new URL(url);
  const { method = 'GET', path = '/', headers = [], body = '' } = request;
  const socket = connect(Number(port), hostname);
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers, '', ''];
  socket.write(head.join('\r\n') + body);
  return socket;
}

/**
 * The status, the head and the body of the answer, once the server has closed. A server that closes before it has read all
 * that was sent resets the connection: that is an end like another, and its answer has arrived before.
 */
export async function answerOf(socket: Socket): Promise<{ status: number; head: string; body: string }> {
  const received: Buffer[] = [];
  socket.on('data', (data: Buffer) => received.push(data));
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () => resolve());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!RESETS.has(error.code ?? '')) reject(error);
    });
  });
  const [head = '', ...rest] = Buffer.concat(received).toString('utf8').split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head, body: rest.join('\r\n\r\n') };
}
