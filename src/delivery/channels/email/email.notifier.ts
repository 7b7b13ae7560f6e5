import { connect, type Socket } from 'node:net';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import { isLoopback } from '../../../config/network-formats.js';
import { EMAIL_FIELDS, emailSchema, type EmailReceiver } from './email-receiver.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import { codeOf } from '../../../lib/error-code.js';
import { ZonedTime } from '../../../lib/zoned-time.js';
import { namedDestinations, severalOf, type ChannelKind } from '../destinations.js';
import { Notifier, type Delivery, DELIVERED, type NotifierContext } from '../notifier.js';
import { mailMessage, type MailMessage } from './mail-message.js';

/** Reasons by the code of nodemailer, for failures before there was an answer; none holds text of the server. */
const REASONS: Readonly<Record<string, string>> = {
  EAUTH: 'SMTP does not take the user and password',
  ETIMEDOUT: 'no answer in time',
  EDNS: 'the name of the mail server is not known',
  ETLS: 'no secure connection: is its certificate trusted?',
  ESOCKET: 'no connection',
  ECONNECTION: 'no connection',
};

/**
 * The result of an attempt that failed. RFC 5321: 4xx may succeed later, 5xx will not. A refused user, an untrusted
 * certificate and an unreachable server are retried, because an operator can repair them.
 */
function smtpFailure(error: unknown): Delivery {
  const { code, responseCode } = fieldsOf(error);
  const reason = REASONS[code];
  if (code !== 'EAUTH' && responseCode !== undefined && responseCode >= 400) {
    return { outcome: 'failed', retryable: responseCode < 500, reason: `SMTP ${responseCode}` };
  }
  return { outcome: 'failed', retryable: true, reason: reason ?? 'the mail could not be handed over' };
}

/** The result of a mail that the server answered: it has one recipient. */
function smtpSuccess(accepted: readonly unknown[]): Delivery {
  if (accepted.length > 0) return DELIVERED;
  return { outcome: 'failed', retryable: false, reason: 'SMTP took no recipient' };
}

function fieldsOf(error: unknown): { code: string; responseCode: number | undefined } {
  if (typeof error !== 'object' || error === null) return { code: '', responseCode: undefined };
  const code = codeOf(error) ?? '';
  const responseCode = 'responseCode' in error ? Number(error.responseCode) : Number.NaN;
  return { code, responseCode: Number.isInteger(responseCode) ? responseCode : undefined };
}

const PORTS = { secure: 465, submission: 587 };

/** The mail server. */
interface Server {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

/**
 * Sends mail to one recipient, over a new connection for each mail: mails are few, and servers close idle connections.
 * It verifies certificates, and sends a password over TLS only, except to this machine.
 */
export class EmailNotifier extends Notifier {
  /** Mail servers limit the rate of one sender. */
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
        // The close that follows reports the failure.
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

/** Channels to mailboxes: a destination for each recipient. */
export const emailKind: ChannelKind<EmailReceiver> = {
  purpose: 'Each recipient gets mails, one thread for each alert.',
  fields: EMAIL_FIELDS,
  schema: emailSchema,
  open: (receivers, context) =>
    namedDestinations(
      receivers.flatMap((receiver) =>
        receiver.to.map((to) => severalOf(receiver, to, new EmailNotifier(receiver, to, context))),
      ),
    ),
};

/** Reads an address like `smtps://user:password@host:465`, percent-encoding included. */
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
