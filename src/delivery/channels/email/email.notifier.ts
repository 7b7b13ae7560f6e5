import { connect, type Socket } from 'node:net';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import { isLoopback } from '../../../config/network-formats.js';
import type { EmailReceiver } from '../../../config/channels-config.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import type { NotifierContext } from '../notifier-context.js';
import { Notifier, type Delivery, DELIVERED } from '../notifier.js';
import { mailMessage, type MailMessage } from './mail-message.js';

/** Codes of nodemailer that say what failed before there was an answer; none holds what the server wrote. */
const REASONS: Readonly<Record<string, string>> = {
  EAUTH: 'SMTP does not take the user and password',
  ETIMEDOUT: 'no answer in time',
  EDNS: 'the name of the mail server is not known',
  ETLS: 'no secure connection: is its certificate trusted?',
  ESOCKET: 'no connection',
  ECONNECTION: 'no connection',
};

/**
 * What an attempt that failed amounts to. RFC 5321: 4xx may succeed later, 5xx will not. A user that is refused, a
 * certificate that is not trusted and a server that is away are mended by people, so that nothing is given up for them.
 */
function smtpFailure(error: unknown): Delivery {
  const { code, responseCode } = fieldsOf(error);
  const reason = REASONS[code];
  if (code !== 'EAUTH' && responseCode !== undefined && responseCode >= 400) {
    return { outcome: 'failed', retryable: responseCode < 500, reason: `SMTP ${responseCode}` };
  }
  return { outcome: 'failed', retryable: true, reason: reason ?? 'the mail could not be handed over' };
}

/** What the answer to a mail for one recipient amounts to. */
function smtpSuccess(accepted: readonly unknown[]): Delivery {
  if (accepted.length > 0) return DELIVERED;
  return { outcome: 'failed', retryable: false, reason: 'SMTP took no recipient' };
}

function fieldsOf(error: unknown): { code: string; responseCode: number | undefined } {
  if (typeof error !== 'object' || error === null) return { code: '', responseCode: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const responseCode = 'responseCode' in error ? Number(error.responseCode) : Number.NaN;
  return { code, responseCode: Number.isInteger(responseCode) ? responseCode : undefined };
}

const PORTS = { secure: 465, submission: 587 };

/** Where mails are handed over. */
interface Server {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

/**
 * Sends to one recipient, over a connection for each mail: they are few, and a server forgets idle ones. Certificates
 * are verified, and a password never travels in the clear, but to this very machine.
 */
export class EmailNotifier extends Notifier {
  /** Mail servers bound how much one sender hands over; messages for people are gathered anyway. */
  override readonly pauseMs = 200;
  // Private even to inspect(): it holds the password.
  readonly #server: Server;
  private readonly time: ZonedTime;

  /** `ca`: PEM certificates to trust instead of the usual ones. */
  constructor(
    private readonly receiver: EmailReceiver,
    private readonly recipient: string,
    private readonly context: NotifierContext,
    private readonly ca?: string,
  ) {
    super();
    this.#server = serverOf(receiver.smtp.reveal());
    this.time = new ZonedTime(context.timezone);
  }

  async deliver(notification: Notification, signal: AbortSignal): Promise<Delivery> {
    signal.throwIfAborted();
    const { from, detail, timeoutMs } = this.receiver;
    const { recipient, time } = this;
    const message = mailMessage(notification, { from, recipient, detail, time, link: this.context.link });
    const sockets = new Set<Socket>();
    const late = { isLate: false };
    const cut = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    // nodemailer's own time-outs are for each step; this one is for the whole attempt.
    const timer = setTimeout(() => {
      late.isLate = true;
      cut();
    }, timeoutMs);
    signal.addEventListener('abort', cut);
    try {
      return smtpSuccess(await this.send(message, sockets));
    } catch (error) {
      signal.throwIfAborted();
      return late.isLate ? smtpFailure({ code: 'ETIMEDOUT' }) : smtpFailure(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
      cut();
    }
  }

  private async send(message: MailMessage, sockets: Set<Socket>): Promise<readonly unknown[]> {
    const { host, port, secure, auth } = this.#server;
    const { timeoutMs } = this.receiver;
    const options: SMTPTransportOptions = {
      ...{ host, port, secure },
      ...(auth ? { auth } : {}),
      requireTLS: !secure && auth !== undefined && !isLoopback(host),
      tls: { minVersion: 'TLSv1.2', ...(this.ca === undefined ? {} : { ca: this.ca }) },
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
      // Ours, so that it can be cut off at any moment.
      getSocket: (_options, done) => {
        const socket = connect({ host, port });
        sockets.add(socket);
        const ended = (): void => done(Object.assign(new Error('No connection'), { code: 'ECONNECTION' }));
        socket.once('close', ended);
        // What goes wrong is told by the end that follows.
        socket.on('error', () => undefined);
        socket.once('connect', () => {
          socket.off('close', ended);
          done(null, { connection: socket });
        });
      },
    };
    const { references, ...rest } = message;
    const thread = references === undefined ? {} : { references, inReplyTo: references };
    const { accepted } = await createTransport(options).sendMail({
      ...rest,
      ...thread,
      messageId: `<${message.messageId}>`,
      headers: { ...message.headers },
    });
    return accepted;
  }
}

/** Reads an address like `smtps://user:password@host:465`. What is percent-encoded in it is decoded. */
function serverOf(address: string): Server {
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? PORTS.secure : PORTS.submission) : Number(port),
    secure,
    auth:
      username === ''
        ? undefined
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}
