import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { CertificateFiles } from '../app/certificates.js';

/** A mail that the sink took: its headers, unfolded, by their names in small letters, and the whole of it. */
export interface TakenMail {
  readonly to: readonly string[];
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

export interface SmtpSinkOptions {
  readonly certificate?: CertificateFiles;
  /** TLS from the first byte on. */
  readonly secure?: boolean;
  /** Absent: nobody needs to say who he is. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A mail server on loopback. It refuses with what {@link refuseAt} says. */
export class SmtpSink {
  readonly mails: TakenMail[] = [];
  /** How many mails have arrived, taken or not. */
  received = 0;
  /** The code of the answer to recipients, or to what follows; `hang`: no answer. */
  refuseAt: { readonly recipient?: number; readonly data?: number | 'hang' | 'cut' } = {};

  private constructor(private readonly server: SMTPServer) {}

  static async start({ certificate, secure = false, login }: SmtpSinkOptions = {}): Promise<SmtpSink> {
    const keys = certificate && {
      cert: await readFile(certificate.cert),
      key: await readFile(certificate.key),
    };
    const options: SMTPServerOptions = {
      secure,
      ...keys,
      authOptional: login === undefined,
      disabledCommands: [...(keys ? [] : ['STARTTLS' as const]), ...(login ? [] : ['AUTH' as const])],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === login?.user && password === login?.password) done(null, { user: username });
        else done(new Error('Invalid'));
      },
      onRcptTo: (_address, _session, done) => done(refusal(sink.refuseAt.recipient)),
      onData: (stream, session, done) => {
        sink.received += 1;
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        if (sink.refuseAt.data === 'cut') stream.once('data', () => sink.cut());
        stream.on('end', () => {
          const { data } = sink.refuseAt;
          if (data === 'hang' || data === 'cut') return;
          if (data !== undefined) {
            done(refusal(data));
            return;
          }
          const raw = Buffer.concat(parts).toString();
          sink.mails.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            headers: headersOf(raw),
            raw,
            isSecure: session.secure,
            user: typeof session.user === 'string' ? session.user : undefined,
          });
          done();
        });
      },
    };
    const server = new SMTPServer(options);
    const sink = new SmtpSink(server);
    // Clients that are cut off, or do not trust the certificate, are no fault of the sink.
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Breaks off every connection. */
  cut(): void {
    for (const connection of this.server.connections) connection._socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

function refusal(code: number | undefined): Error | null {
  // What the server writes must not be passed on.
  return code === undefined
    ? null
    : Object.assign(new Error('refused secret-of-the-server'), { responseCode: code });
}

function headersOf(raw: string): Map<string, string> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}
