import type { IncomingMessage } from 'node:http';

/** The credentials of a request. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'ticket'; readonly ticket: string }
  | { readonly kind: 'none' }
  /** Credentials in a form that is not accepted, with the sentence that names the accepted form. */
  | { readonly kind: 'refused'; readonly advice: string };

/** The prefix of a token in a subprotocol: a browser can set no headers on a WebSocket, but it can name subprotocols. */
const TOKEN_PROTOCOL = 'bearer.';
/** Query parameters that usually hold tokens. They are refused, because every proxy on the way logs addresses. */
const TOKEN_PARAMETERS = ['token', 'access_token', 'id_token', 'jwt', 'bearer', 'authorization'];

/** The credentials of a REST request: a bearer token in its header. */
export function restCredentials(request: IncomingMessage): Credentials {
  return tokenInQuery(queryOf(request)) ?? fromHeader(request) ?? { kind: 'none' };
}

/** The credentials of a WebSocket upgrade: exactly one of a header, a subprotocol and a ticket. */
export function upgradeCredentials(request: IncomingMessage): Credentials {
  const query = queryOf(request);
  const inQuery = tokenInQuery(query);
  if (inQuery) return inQuery;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const found: Credentials[] = [
    ...offered
      .filter((name) => name.startsWith(TOKEN_PROTOCOL))
      .map((name) => ({ kind: 'token', token: name.slice(TOKEN_PROTOCOL.length) }) as const),
    ...query.getAll('ticket').map((ticket) => ({ kind: 'ticket', ticket }) as const),
  ];
  const header = fromHeader(request);
  if (header) found.push(header);
  if (found.length > 1) return { kind: 'refused', advice: 'Send exactly one token or one ticket.' };
  return found[0] ?? { kind: 'none' };
}

function fromHeader(request: IncomingMessage): Credentials | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) return { kind: 'refused', advice: 'Send "Authorization: Bearer <token>".' };
  return { kind: 'token', token };
}

function tokenInQuery(query: URLSearchParams): Credentials | undefined {
  const hasToken = [...query.keys()].some((name) => TOKEN_PARAMETERS.includes(name.toLowerCase()));
  const advice = 'A token in an address is written to logs. Send it in the header, or get a ticket for it.';
  return hasToken ? { kind: 'refused', advice } : undefined;
}

function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
