import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where a certificate and its key lie. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHMS = {
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  rsa: ['-newkey', 'rsa:2048'],
};

/** Makes a certificate for this machine that it signs itself. Node cannot: needs `openssl`. */
export async function makeCertificate(
  folder: string,
  name: string,
  algorithm: keyof typeof ALGORITHMS = 'ec',
): Promise<CertificateFiles> {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const output = ['-keyout', files.key, '-out', files.cert];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-nodes', '-days', '2'],
    ...ALGORITHMS[algorithm],
    ...names,
    ...output,
  ]);
  return files;
}

/** Puts a certificate where another one is. */
export async function replaceCertificate(old: CertificateFiles, by: CertificateFiles): Promise<void> {
  await copyFile(by.cert, old.cert);
  await copyFile(by.key, old.key);
}

/** What tells a certificate from others, as a peer shows it. */
export async function fingerprintOf({ cert }: CertificateFiles): Promise<string> {
  return new X509Certificate(await readFile(cert)).fingerprint256;
}
