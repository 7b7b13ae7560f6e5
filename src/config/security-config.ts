import type { Secret } from './secret.js';

/** Where the keys come from that tokens are verified with: one shared secret, or a JSON Web Key Set. */
export type KeyConfig =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

/** What a token must be to be accepted, and which of its claims hold role and departments. */
export interface JwtConfig {
  readonly mode: 'jwt';
  readonly keys: KeyConfig;
  readonly issuer: string;
  readonly audience: string;
  /** The name of a claim, or the path to one: names joined by dots. */
  readonly roleClaim: string;
  readonly departmentsClaim: string;
  /** What `typ` must say; absent: anything. */
  readonly type?: string;
  /** By how much the clocks of the issuer and this server may differ. */
  readonly clockSkewSeconds: number;
}

/** With `off` everybody is the operator, so that only this machine may be able to call. */
export type AuthConfig = { readonly mode: 'off' } | JwtConfig;

/** How much one caller may ask; 0: as much as it likes. */
export interface CallerLimits {
  readonly connectionsPerAddress: number;
  readonly messagesPerMinute: number;
  readonly requestsPerMinute: number;
  readonly uploadsPerMinute: number;
}

export interface TlsConfig {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Who may call, from where, how much, and what is served without sign-in. */
export interface SecurityConfig {
  readonly auth: AuthConfig;
  /** Origins of pages that may connect, exactly as browsers send them. */
  readonly allowedOrigins: readonly string[];
  /** Addresses and subnets of proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly managersSeeEmployees: boolean;
  readonly limits: CallerLimits;
  /** Absent: plain HTTP. */
  readonly tls?: TlsConfig;
  /** Whether the API description, and the live page, are served. */
  readonly docs: boolean;
  readonly livePage: boolean;
}
