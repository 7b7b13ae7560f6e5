import type { WebSocket } from 'ws';

/** Pings every peer and ends those that have not answered the ping before: they are gone without having said so. */
export class Heartbeat {
  private readonly awaited = new WeakSet<WebSocket>();
  private readonly timer: NodeJS.Timeout;

  constructor(everyMs: number, peers: () => Iterable<WebSocket>) {
    this.timer = setInterval(() => {
      for (const peer of peers()) this.beat(peer);
    }, everyMs);
    this.timer.unref();
  }

  /** Must be called once for each new peer. Anything that arrives from a peer shows that it lives. */
  watch(peer: WebSocket): void {
    const alive = (): void => void this.awaited.delete(peer);
    peer.on('pong', alive).on('message', alive).on('ping', alive);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(peer: WebSocket): void {
    if (this.awaited.has(peer)) {
      peer.terminate();
      return;
    }
    this.awaited.add(peer);
    peer.ping();
  }
}
