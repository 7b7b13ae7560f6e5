import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { AdmittedConnection } from '../../platform/auth/websocket-admission.js';
import { Transport, type EndReason, type PeerSettings } from './transport.js';
import { PeerLiveness, type PeerVerdict } from './peer-liveness.js';
import { WEBSOCKET_ENCODING } from './frame-encoding.js';

/** How long a peer has to answer our close frame. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Close codes of contract section 7, and their texts. */
const CLOSINGS = {
  server_stopping: { code: 1001, text: 'The server is going away; reconnect with the last id' },
  log_unreadable: { code: 1013, text: 'The alert log cannot be read; try again later' },
  position_lost: {
    code: 1013,
    text: 'You read too slowly: alerts you have not seen are no longer kept; reconnect',
  },
  slow_consumer: { code: 1013, text: 'You read too slowly; reconnect with the last id' },
  token_expired: { code: 4401, text: 'Your token has expired; reconnect with a new one and the last id' },
  role_lost: { code: 1008, text: 'Your role reads no alerts any more' },
} as const satisfies Partial<Record<EndReason, { code: number; text: string }>>;

/**
 * One WebSocket connection: `ws` reads and does the protocol, while shared frames are written to the TCP socket directly.
 * Both write whole frames, so frames never mix.
 */
export class WebSocketTransport extends Transport {
  readonly encoding = WEBSOCKET_ENCODING;
  private readonly liveness: PeerLiveness;

  constructor(
    readonly ws: WebSocket,
    protected readonly out: Socket,
    readonly url: string,
    readonly guest: AdmittedConnection,
    { stallLimitMs, clock }: PeerSettings,
  ) {
    super(clock);
    this.liveness = new PeerLiveness(out, stallLimitMs, true);
    const heard = (): void => this.liveness.heard();
    ws.on('pong', heard).on('message', heard).on('ping', heard);
  }

  protected get isWritable(): boolean {
    return this.ws.readyState === WebSocket.OPEN && this.out.writable;
  }

  beat(now: number): PeerVerdict {
    const verdict = this.liveness.beat(now);
    if (verdict === 'alive' && this.isOpen && !this.isCongested) this.ws.ping();
    return verdict;
  }

  end(reason: EndReason): void {
    if (reason === 'dead_peer') this.ws.terminate();
    else this.close(CLOSINGS[reason].code, CLOSINGS[reason].text);
  }

  /** Starts the closing handshake, and terminates the connection when the peer does not answer it. */
  close(code: number, reason: string): void {
    this.ws.close(code, reason);
    const timer = setTimeout(() => this.ws.terminate(), CLOSE_TIMEOUT_MS);
    timer.unref();
    this.ws.once('close', () => clearTimeout(timer));
  }
}
