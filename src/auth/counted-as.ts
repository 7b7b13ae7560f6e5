/** The name under which what a network does is counted. */
export function asNetwork(network: string): string {
  return `network ${network}`;
}

/** The name under which what a subject does is counted. */
export function asSubject(subject: string): string {
  return `subject ${subject}`;
}
