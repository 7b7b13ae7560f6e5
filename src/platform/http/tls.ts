import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import type { LoggerService } from '@nestjs/common';
import { readCertificate } from '../../config/certificate.js';
import type { Config } from '../../config/config.js';
import type { TlsConfig } from '../../config/security-config.js';

/** The minimum, whatever the options of Node.js allow: older versions are broken (RFC 8996). */
const MIN_VERSION = 'TLSv1.2';

/** The TLS options of the server; undefined for plain HTTP. Throws CertificateError. */
export function httpsOptions({ security: { tls }, headTimeoutMs }: Config) {
  if (!tls) return undefined;
  // The default of Node.js for the handshake is two minutes.
  return { ...contextOf(tls), handshakeTimeout: headTimeoutMs };
}

/**
 * Reads certificate and key again. New connections get the new certificate; open connections stay. An invalid pair
 * changes nothing, and the log names the reason.
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
    // Any error: a server with its old certificate is better than none.
    const reason = error instanceof Error ? error.message : 'for an unknown reason';
    log.error(`The certificate was not renewed, the old one stays: ${reason}`);
  }
}

function contextOf(tls: TlsConfig) {
  const { cert, key } = readCertificate(tls);
  return { cert, key, minVersion: MIN_VERSION } as const;
}
