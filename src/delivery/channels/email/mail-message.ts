import { countOf, type Notification } from '../../../domain/notifications/notification.js';
import { singleLine } from '../../../domain/single-line.js';
import { subjectOf, wordingOf, type Wording } from '../../../domain/notifications/notification-text.js';
import type { ZonedTime } from '../../../lib/zoned-time.js';
import { mailHtml } from '../../../channels/email/mail-html.js';

/** RFC 5322 wants lines of at most 998 characters; nobody reads a subject of more than this. */
const SUBJECT_CHARACTERS = 150;

export interface MailOptions {
  readonly from: string;
  readonly recipient: string;
  readonly detail: 'thin' | 'full';
  readonly link: string | undefined;
  readonly time: ZonedTime;
}

/** A mail, as it is handed to whoever sends it. Ids have no angle brackets. */
export interface MailMessage {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly date: Date;
  /** The thread: the same for all mails about one alert. */
  readonly references?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The mail for a notification: the same at every attempt, its `Message-ID` too. All mails about one alert refer to the
 * same made-up root, as those of GitHub do: which of them came first does not matter then, and one that was told in a
 * digest has a thread as well. Gmail wants the same subject besides, so that a clear says "Re:" and what its raise said.
 */
export function mailMessage(notification: Notification, options: MailOptions): MailMessage {
  const wording = wordingOf(notification, options.detail);
  const { from, recipient: to, link, time } = options;
  const domain = domainOf(from);
  const thread = threadOf(notification);
  const told = { wording, time: time.iso(notification.at), link };
  return {
    ...{ from, to },
    subject: `${thread?.isReply === true ? 'Re: ' : ''}[Pulsewatch] ${singleLine(thread?.title ?? wording.title, SUBJECT_CHARACTERS)}`,
    text: mailText(told),
    html: mailHtml(told),
    messageId: `${notification.id}@${domain}`,
    date: new Date(notification.at),
    ...(thread ? { references: `<alert-${thread.raisedId}@${domain}>` } : {}),
    // RFC 3834; the second one keeps Exchange from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

export interface Told {
  readonly wording: Wording;
  readonly time: string;
  readonly link: string | undefined;
}

function mailText({ wording: { title, lines, more, departments }, time, link }: Told): string {
  const paragraphs = [
    title,
    lines.map((line) => `- ${line}`).join('\n'),
    more ?? '',
    departments.length > 0 ? `By department:\n${departments.map((line) => `- ${line}`).join('\n')}` : '',
    link === undefined ? '' : `See ${link}`,
    `${time}\nSent by Pulsewatch.`,
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

interface Thread {
  readonly raisedId: number;
  readonly title: string;
  readonly isReply: boolean;
}

/** Undefined where a mail is about several alerts, or about none. */
function threadOf(notification: Notification): Thread | undefined {
  const [event] = notification.events;
  if (event === undefined || countOf(notification) !== 1) return undefined;
  const raisedId = event.kind === 'raised' ? event.id : event.raisedId;
  const isReply = event.kind === 'cleared' || notification.kind === 'reminder';
  return { raisedId, title: subjectOf(event), isReply };
}

/** `alerts@example.com`, or `HR <alerts@example.com>`. */
function domainOf(address: string): string {
  return /@([^\s<>@]+)>?\s*$/.exec(address)?.[1] ?? 'pulsewatch.invalid';
}
