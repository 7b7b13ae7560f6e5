import { generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a certificate and its key lie. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/** A value of ASN.1 in its distinguished encoding (DER): tag, length, content. Node.js reads certificates, but makes none. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), body]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...items: readonly Buffer[]): Buffer => der(0x30, ...items);
const set = (...items: readonly Buffer[]): Buffer => der(0x31, ...items);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
const time = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_KEY = '551d0e';
const AUTHORITY_KEY = '551d23';
const SIGNATURES = {
  ec: sequence(oid('2a8648ce3d040302')), // ecdsa-with-SHA256
  rsa: sequence(oid('2a864886f70d01010b'), der(0x05)), // sha256WithRSAEncryption
};

function newKeys(algorithm: keyof typeof SIGNATURES): { publicKey: KeyObject; privateKey: KeyObject } {
  return algorithm === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** Makes a certificate for this machine (127.0.0.1 and localhost) that signs itself and is valid for two days. */
export async function makeCertificate(
  folder: string,
  name: string,
  algorithm: keyof typeof SIGNATURES = 'ec',
): Promise<CertificateFiles> {
  const { publicKey, privateKey } = newKeys(algorithm);
  const who = sequence(set(sequence(oid(COMMON_NAME), der(0x0c, Buffer.from('localhost')))));
  const now = Date.now();
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const isAuthority = sequence(der(0x01, Buffer.from([0xff])));
  // Two certificates of one name differ in it.
  const keyId = randomBytes(20);
  const extensions = sequence(
    sequence(oid(SUBJECT_KEY), der(0x04, der(0x04, keyId))),
    sequence(oid(AUTHORITY_KEY), der(0x04, sequence(der(0x80, keyId)))),
    sequence(oid(SUBJECT_ALT_NAME), der(0x04, names)),
    sequence(oid(BASIC_CONSTRAINTS), der(0x04, isAuthority)),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([0x40]), randomBytes(15)), // a positive serial number
    SIGNATURES[algorithm],
    who,
    // A clock that lags a little behind must not find it invalid.
    sequence(time(now - DAY_MS / 24), time(now + 2 * DAY_MS)),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const certificate = sequence(content, SIGNATURES[algorithm], bits(sign('sha256', content, privateKey)));
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  await writeFile(files.cert, new X509Certificate(certificate).toString());
  await writeFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
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
