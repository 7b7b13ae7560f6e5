import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import type { LoggerService } from '@nestjs/common';
import { readCertificate } from '../../config/certificate.js';
import type { Config } from '../../config/config.js';
import type { TlsConfig } from '../../config/security-config.js';

/** Whatever Node.js is told to allow otherwise: older versions are broken (RFC 8996). */
const MIN_VERSION = 'TLSv1.2';

/** What a server needs to speak TLS, or undefined when it is to speak plain HTTP. Throws CertificateError. */
export function httpsOptions({ security: { tls }, headTimeoutMs }: Config) {
  if (!tls) return undefined;
  // Node gives a peer two minutes to say hello.
  return { ...contextOf(tls), handshakeTimeout: headTimeoutMs };
}

/**
 * Reads certificate and key again. Who connects from now on is shown the new one, and who is connected stays. A bad pair
 * changes nothing, and the log says what is wrong with it.
 */
export function renewCertificate(
  server: Server,
  tls: TlsConfig,
  log: Pick<LoggerService, 'log' | 'error'>,
): void {
  try {
    if (!(server instanceof TlsServer)) throw new TypeError('the server does not speak TLS');
    server.setSecureContext(contextOf(tls));
    log.log('The certificate was read again');
  } catch (error) {
    // Whatever it is: a server that goes on with its old certificate is better than none.
    const reason = error instanceof Error ? error.message : 'for an unknown reason';
    log.error(`The certificate was not renewed, the old one stays: ${reason}`);
  }
}

function contextOf(tls: TlsConfig) {
  const { cert, key } = readCertificate(tls);
  return { cert, key, minVersion: MIN_VERSION } as const;
}
