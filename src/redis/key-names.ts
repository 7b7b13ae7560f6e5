import { createHash } from 'node:crypto';

/** A short name for a subject or a network: whoever looks into Redis learns nothing about people. */
export function nameOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}
