import { lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, Socket, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { addressUse } from '../../../lib/ip-address.js';

/** Idle connections are closed after this long, before usual servers do: a request must not meet a closing one. */
const IDLE_MS = 4_000;

/**
 * `ca`: authorities to trust instead of the usual ones. `lookup`: resolves names instead of the system.
 * `localAddress`: the address of this machine to connect from.
 */
export type EgressOptions = Pick<https.AgentOptions, 'ca' | 'lookup' | 'localAddress'>;

/** The guard did not connect. It names no address: the client that gave a name must not learn where it resolves to. */
export class EgressRefusedError extends Error {
  readonly code = 'EGRESS_REFUSED';

  constructor() {
    super('The address is not public.');
    this.name = 'EgressRefusedError';
  }
}

/**
 * An agent that keeps connections, for requests to addresses that clients gave. It connects to public addresses only; a
 * name must resolve to no other. It connects to the very addresses that it has checked, so a name that resolves
 * differently a moment later gains nothing. A refused request fails with {@link EgressRefusedError}. Redirects are never
 * followed. `allowPrivate` lifts all of that. The caller destroys the agent.
 */
export function guardedAgent(protocol: 'https:', allowPrivate: boolean, options?: EgressOptions): https.Agent;
export function guardedAgent(protocol: string, allowPrivate: boolean, options?: EgressOptions): http.Agent;
export function guardedAgent(protocol: string, allowPrivate: boolean, options: EgressOptions = {}) {
  const settings = {
    ...options,
    lookup: allowPrivate ? (options.lookup ?? resolve) : publicOnly(options.lookup ?? resolve),
    keepAlive: true,
    timeout: IDLE_MS,
    maxSockets: 16,
    maxFreeSockets: 4,
  };
  if (protocol === 'https:')
    return allowPrivate ? new https.Agent(settings) : new GuardedHttpsAgent(settings);
  return allowPrivate ? new http.Agent(settings) : new GuardedHttpAgent(settings);
}

type Listener = (error: Error | null, socket: Duplex) => void;

// The library knows most reserved addresses, and checks names and literal addresses alike. Added here is what it treats
// as public: IPv4-compatible addresses, unassigned IPv6, and the service of a cloud on a public address.

class GuardedHttpAgent extends RequestFilteringHttpAgent {
  override createConnection(options: TcpNetConnectOpts, listener?: Listener): Duplex {
    return refusedSocket(options, listener) ?? super.createConnection(options, listener);
  }
}

class GuardedHttpsAgent extends RequestFilteringHttpsAgent {
  override createConnection(options: TcpNetConnectOpts, listener?: Listener): Duplex {
    return refusedSocket(options, listener) ?? super.createConnection(options, listener);
  }
}

/** A literal address is never looked up, so it is checked here. */
function refusedSocket({ host }: TcpNetConnectOpts, listener?: Listener): Socket | undefined {
  if (host === undefined || isIP(host) === 0 || addressUse(host) === 'public') return undefined;
  const socket = new Socket();
  // As the library does: the request gets the error before a listener can be on the socket.
  if (listener) listener(new EgressRefusedError(), socket);
  else socket.destroy(new EgressRefusedError());
  return socket;
}

function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      const found = error ? [] : typeof address === 'string' ? [address] : address.map((one) => one.address);
      const isPublic = found.length > 0 && found.every((one) => addressUse(one) === 'public');
      if (error || isPublic) callback(error, address, family);
      else callback(new EgressRefusedError(), []);
    });
  };
}
