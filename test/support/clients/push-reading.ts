import { createDecipheriv, createPublicKey, hkdfSync, verify } from 'node:crypto';
import type { Device } from '../generators/push-subscriptions.js';

const HEADER_BYTES = 16 + 4 + 1;
const TAG_BYTES = 16;

/** What a device reads of the body of a push message: RFC 8291 and RFC 8188, one record. Throws where it is not for this device. */
export function readPush(body: Buffer, { keys, auth }: Device): string {
  const salt = body.subarray(0, 16);
  const keyLength = body[HEADER_BYTES - 1] ?? 0;
  const senderKey = body.subarray(HEADER_BYTES, HEADER_BYTES + keyLength);
  const derive = (secret: Buffer, by: Buffer, info: Buffer | string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, by, info, length));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey]);
  const secret = derive(keys.computeSecret(senderKey), auth, info, 32);
  const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12);
  const record = body.subarray(HEADER_BYTES + keyLength);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-TAG_BYTES));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0))
    throw new Error('The record is not the last one');
  return padded.toString('utf8', 0, end);
}

export interface Vapid {
  readonly isSigned: boolean;
  readonly key: string;
  readonly header: unknown;
  readonly claims: { aud: string; exp: number; sub: string };
}

/** What a push service reads of the Authorization of a message (RFC 8292). */
export function readVapid(authorization = ''): Vapid {
  const found = /^vapid t=(?<head>[\w-]+)\.(?<body>[\w-]+)\.(?<signature>[\w-]+), k=(?<key>[\w-]+)$/.exec(
    authorization,
  );
  const { head = '', body = '', signature = '', key = '' } = found?.groups ?? {};
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)];
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const parse = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  return {
    isSigned: verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    ),
    key,
    header: parse(head),
    claims: parse(body) as Vapid['claims'],
  };
}
