import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export const ISSUER = 'https://idp.example.com';
export const AUDIENCE = 'pulsewatch';
export const SECRET = 'a secret that is long enough for HS256';

export type Claims = Readonly<Record<string, unknown>>;

const now = (): number => Math.floor(Date.now() / 1_000);

/** Claims of a token that is good for five minutes. */
export function claimsOf(claims: Claims = {}): Claims {
  return { iss: ISSUER, aud: AUDIENCE, sub: 'ada', role: 'hr', exp: now() + 300, ...claims };
}

/** Settings of a server that believes tokens signed with {@link SECRET}. */
export const SECRET_VARIABLES = {
  AUTH_MODE: 'jwt',
  JWT_SECRET: SECRET,
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
};

/** A token signed with {@link SECRET}. Claims given as undefined are left out. */
export function tokenOf(claims: Claims = {}, header: Record<string, unknown> = {}): Promise<string> {
  const given = Object.entries(claimsOf(claims)).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(given))
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(SECRET));
}

/** A token put together by hand, whatever its signature is. */
export function forged(header: object, payload: object, signature = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function signingKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, publicKey, jwk };
}

/** A token signed with a private key. */
export function signed(
  { alg, kid, privateKey }: SigningKey,
  claims: Claims = {},
  header: object = {},
): Promise<string> {
  return new SignJWT(claimsOf(claims)).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}

/** A key set on loopback that counts who asks for it, and answers whatever it is told to. */
export class KeyServer {
  hits = 0;
  answer: { status: number; body: string } = { status: 200, body: '{"keys":[]}' };

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<KeyServer> {
    const server = createServer((_request, response) => {
      keys.hits += 1;
      response.writeHead(keys.answer.status, { 'Content-Type': 'application/json' }).end(keys.answer.body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const keys = new KeyServer(server, `http://127.0.0.1:${port}/keys.json`);
    return keys;
  }

  publish(...keys: readonly SigningKey[]): void {
    this.answer = { status: 200, body: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }) };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
