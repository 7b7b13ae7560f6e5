import { DELIVERED, type Delivery } from '../../delivery/channels/notifier.js';

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
export function smtpFailure(error: unknown): Delivery {
  const { code, responseCode } = fieldsOf(error);
  const reason = REASONS[code];
  if (code !== 'EAUTH' && responseCode !== undefined && responseCode >= 400) {
    return { outcome: 'failed', retryable: responseCode < 500, reason: `SMTP ${responseCode}` };
  }
  return { outcome: 'failed', retryable: true, reason: reason ?? 'the mail could not be handed over' };
}

/** What the answer to a mail for one recipient amounts to. */
export function smtpSuccess(accepted: readonly unknown[]): Delivery {
  if (accepted.length > 0) return DELIVERED;
  return { outcome: 'failed', retryable: false, reason: 'SMTP took no recipient' };
}

function fieldsOf(error: unknown): { code: string; responseCode: number | undefined } {
  if (typeof error !== 'object' || error === null) return { code: '', responseCode: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const responseCode = 'responseCode' in error ? Number(error.responseCode) : Number.NaN;
  return { code, responseCode: Number.isInteger(responseCode) ? responseCode : undefined };
}
