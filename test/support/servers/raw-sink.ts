import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on loopback for answers that no web server would give: bytes by hand. */
export class RawSink {
  /** How many connections it has got. */
  connections = 0;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Calls `answer` with each connection once its first bytes are there. */
  static async start(answer: (socket: Socket) => void): Promise<RawSink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sink = new RawSink(server, `http://127.0.0.1:${port}`);
    server.on('connection', (socket) => {
      sink.connections += 1;
      sink.open.add(socket);
      socket.on('close', () => sink.open.delete(socket));
      // A client that goes away amid an answer is what is tested.
      socket.on('error', () => socket.destroy());
      socket.once('data', () => answer(socket));
    });
    return sink;
  }

  /** Once every connection so far has ended. */
  async left(): Promise<void> {
    const ends = Array.from(this.open, (socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.all(ends);
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
