import { ECDH } from 'node:crypto';
import { ValidateBy } from 'class-validator';
import { egressProblem } from '../../../domain/notifications/egress-policy.js';

const POINT_BYTES = 65;
const AUTH_BYTES = 16;

/** The bytes of a base64url text without padding, if there are as many and it is their only spelling. */
function bytesOf(value: unknown, length: number): Buffer | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === value ? bytes : undefined;
}

function isPoint(value: unknown): boolean {
  const bytes = bytesOf(value, POINT_BYTES);
  // Compressed and hybrid forms are points too, but no device sends them, and not every sender accepts them.
  if (bytes?.[0] !== 4) return false;
  try {
    ECDH.convertKey(bytes, 'prime256v1');
    return true;
  } catch {
    return false;
  }
}

/** Decorates the public key of a device. A point beside the curve would reveal secrets of the sender. */
export const IsDeviceKey = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDeviceKey',
    validator: {
      validate: isPoint,
      defaultMessage: () => '$property must be an uncompressed point on P-256: 65 bytes, base64url',
    },
  });

/** Decorates the secret that device and sender share. */
export const IsAuthSecret = (): PropertyDecorator =>
  ValidateBy({
    name: 'isAuthSecret',
    validator: {
      validate: (value) => bytesOf(value, AUTH_BYTES) !== undefined,
      defaultMessage: () => '$property must be 16 bytes, base64url',
    },
  });

/**
 * What is wrong with the endpoint of a subscription, as a sentence that does not show it, or undefined. It comes from a
 * client, and this server will send to it.
 */
export function endpointProblem(endpoint: string, allowPrivate: boolean): string | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    return 'endpoint must be the https address of a push service';
  return egressProblem(endpoint, allowPrivate) === undefined
    ? undefined
    : 'endpoint is at an address that this server does not send to';
}
