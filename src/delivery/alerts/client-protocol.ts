import type { ViewFilter } from './view.js';

/** The subprotocol that asks for the v1 profile. */
export const V1_PROTOCOL = 'alerts.v1';
const V1_PARAMETERS = ['last_event_id', 'types', 'departments'];
const MAX_LIST = 100;
const MAX_NAME = 256;

/** Where a subscriber continues: after an id, from the oldest event held, or at a text that is no id. */
export type Resume = { readonly after: number } | 'earliest' | 'invalid';

/** The subscription that a client asked for when it connected. */
export type SubscriptionRequest =
  | { readonly profile: 'plain' }
  | { readonly profile: 'v1'; readonly filter: ViewFilter; readonly resume?: Resume };

/** Reads the address and the subprotocol of a WebSocket connection: the v1 profile is chosen by either. */
export function readSubscription(url: string, protocol: string): SubscriptionRequest {
  const query = queryOf(url);
  const isV1 =
    protocol === V1_PROTOCOL || query.get('v') === '1' || V1_PARAMETERS.some((name) => query.has(name));
  return isV1 ? readV1(query, query.get('last_event_id') ?? undefined) : { profile: 'plain' };
}

/** Reads the address of an event stream, which is always v1. The id that a browser sends when it reconnects has priority. */
export function readStreamSubscription(url: string, lastEventId = ''): SubscriptionRequest {
  const query = queryOf(url);
  return readV1(query, lastEventId === '' ? (query.get('last_event_id') ?? undefined) : lastEventId);
}

/** Reads the `data` of a `filter` message; undefined when it is not one. Null, or absence, lifts a part. */
export function readFilter(data: unknown): ViewFilter | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(data));
  if ([...fields.keys()].some((name) => name !== 'types' && name !== 'departments')) return undefined;
  const [types, departments] = [fields.get('types') ?? undefined, fields.get('departments') ?? undefined];
  if (types !== undefined && !isNameList(types)) return undefined;
  if (departments !== undefined && !isNameList(departments)) return undefined;
  return { ...(types ? { types } : {}), ...(departments ? { departments } : {}) };
}

/** Reads the `data` of a `refresh` message: its token; undefined when it has none. */
export function readToken(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('token' in data)) return undefined;
  return typeof data.token === 'string' ? data.token : undefined;
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?')[1] ?? '');
}

function readV1(query: URLSearchParams, id: string | undefined): SubscriptionRequest {
  const [types, departments] = [listOf(query, 'types'), listOf(query, 'departments')];
  return {
    profile: 'v1',
    filter: { ...(types ? { types } : {}), ...(departments ? { departments } : {}) },
    ...(id === undefined ? {} : { resume: resumeFrom(id) }),
  };
}

function isNameList(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_LIST &&
    value.every((name) => typeof name === 'string' && name.length <= MAX_NAME)
  );
}

/** `types=a,b` or `types=a&types=b`. */
function listOf(query: URLSearchParams, name: string): string[] | undefined {
  if (!query.has(name)) return undefined;
  const names = query.getAll(name).flatMap((value) => value.split(','));
  return names.map((item) => item.trim()).filter((item) => item !== '');
}

/** Reads an id to resume after; `0` and `earliest` are before every event. */
export function resumeFrom(id: string): Resume {
  if (id === 'earliest') return 'earliest';
  return /^(?:0|[1-9]\d{0,14})$/.test(id) ? { after: Number(id) } : 'invalid';
}

/** A message from a client: its `type`, and the rest of it. */
interface ClientMessage {
  readonly type: string;
  readonly data: unknown;
}

/** Reads the bare text `ping` or a JSON object with a `type`; undefined for anything else. */
export function parseClientMessage(text: string): ClientMessage | undefined {
  if (text.trim() === 'ping') return { type: 'ping', data: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') {
    return undefined;
  }
  return { type: value.type, data: 'data' in value ? value.data : undefined };
}
