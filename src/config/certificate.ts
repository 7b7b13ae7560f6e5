import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsConfig } from './security-config.js';
import { codeOf } from '../lib/error-code.js';

/** A certificate, with the chain that its file holds, and its key: PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate or its key cannot be used. The message names the setting, never what is in the file. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Reads both files as they are now. Throws CertificateError unless a server can speak TLS with them. */
export function readCertificate({ certPath, keyPath }: TlsConfig): Certificate {
  const cert = attempt('TLS_CERT cannot be read', () => readFileSync(certPath));
  const key = attempt('TLS_KEY cannot be read', () => readFileSync(keyPath));
  const x509 = attempt('TLS_CERT holds no certificate in PEM', () => new X509Certificate(cert));
  const privateKey = attempt('TLS_KEY holds no private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  );
  // OpenSSL itself notices only when both are of one algorithm, and would fail at every handshake otherwise.
  if (!x509.checkPrivateKey(privateKey)) throw new CertificateError('TLS_KEY is not the key of TLS_CERT');
  attempt('TLS_CERT and TLS_KEY cannot be used', () => createSecureContext({ cert, key }));
  return { cert, key };
}

function attempt<T>(complaint: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = codeOf(error);
    throw new CertificateError(code === undefined ? complaint : `${complaint}: ${code}`);
  }
}
