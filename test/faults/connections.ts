import { SseClient } from '../support/clients/sse-client.js';
import { WsClient } from '../support/clients/ws-client.js';
import type { Connection } from './follower.js';
import type { LiveServer } from './server-lives.js';

/** A WebSocket; `query` begins with `?` or is empty. */
export async function connectWebSocket({ url }: LiveServer, query: string): Promise<Connection> {
  const client = await WsClient.connect(`${url.replace('http', 'ws')}/api/v1/ws/alerts${query}`);
  return {
    frames: client.frames,
    until: (satisfied) => client.until(satisfied),
    ended: client.closed.then(({ code }) => code),
    drop: () => client.socket.terminate(),
    flush: () => client.flushed(),
  };
}

/** Server-sent events after an id. Throws when the fields of an event and its data do not agree. */
export async function connectStream({ url }: LiveServer, lastEventId: string): Promise<Connection> {
  const client = await SseClient.connect(`${url}/api/v1/alerts/stream`, lastEventId);
  return {
    get frames() {
      const odd = client.events.find(({ id, event, frame }) => id !== frame.id || event !== frame.type);
      if (odd) throw new Error(`The event ${JSON.stringify(odd)} is not what its data says`);
      return client.frames;
    },
    until: (satisfied) => client.until(satisfied),
    ended: client.ended.then(() => undefined),
    drop: () => void client.close(),
  };
}
