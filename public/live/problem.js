/** The sentence of an error answer (RFC 9457), or one made from its status. */
export function problemText(status, body) {
  const { detail, title } = body ?? {};
  return detail ?? title ?? `The server answered with status ${status}.`;
}

/** Parses JSON; a proxy may have answered with something else. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
