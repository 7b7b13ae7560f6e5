/** A message from a client: its `type`, and the rest of it. */
export interface ClientMessage {
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
