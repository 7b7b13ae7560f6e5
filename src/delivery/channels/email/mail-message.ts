import { countOf, type Notification } from '../../../domain/notifications/notification.js';
import {
  singleLine,
  subjectOf,
  wordingOf,
  type Wording,
  type Tone,
} from '../../../domain/notifications/notification-text.js';
import type { ZonedTime } from '../../../lib/zoned-time.js';

/** RFC 5322 allows lines of 998 characters; a longer subject than this is not readable. */
const SUBJECT_CHARACTERS = 150;

export interface MailOptions {
  readonly from: string;
  readonly recipient: string;
  readonly detail: 'thin' | 'full';
  readonly link: string | undefined;
  readonly time: ZonedTime;
}

/** A mail before it is encoded. Ids have no angle brackets. */
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
 * The mail for a notification: the same at every attempt, including its `Message-ID`. All mails about one alert refer to
 * the same made-up root, as those of GitHub do: their order does not matter, and an alert that a digest announced has a
 * thread as well. Gmail also needs the same subject, so the mail of a clear has "Re:" and the subject of its raise.
 */
export function mailMessage(notification: Notification, options: MailOptions): MailMessage {
  const wording = wordingOf(notification, options.detail);
  const { from, recipient: to, link, time } = options;
  const domain = domainOf(from);
  const thread = threadOf(notification);
  const content = { wording, time: time.iso(notification.at), link };
  return {
    ...{ from, to },
    subject: `${thread?.isReply === true ? 'Re: ' : ''}[Pulsewatch] ${singleLine(thread?.title ?? wording.title, SUBJECT_CHARACTERS)}`,
    text: mailText(content),
    html: mailHtml(content),
    messageId: `${notification.id}@${domain}`,
    date: new Date(notification.at),
    ...(thread ? { references: `<alert-${thread.raisedId}@${domain}>` } : {}),
    // RFC 3834; the second one keeps Exchange from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

export interface MailContent {
  readonly wording: Wording;
  readonly time: string;
  readonly link: string | undefined;
}

function mailText({ wording: { title, lines, more, departments }, time, link }: MailContent): string {
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

const COLOURS: Readonly<Record<Tone, string>> = {
  critical: '#b3261e',
  warning: '#8a5a00',
  resolved: '#1b6e3c',
  info: '#3a5a8c',
};

/**
 * The mail as HTML: no images, no scripts, nothing from elsewhere. Colours work on light and dark; the words say the
 * same without them.
 */
function mailHtml({ wording, time, link }: MailContent): string {
  const { title, tone, lines, more, departments } = wording;
  const list = (items: readonly string[]): string =>
    `<ul style="margin:0;padding-left:20px">${items.map((item) => `<li style="margin:4px 0">${escapeHtml(item)}</li>`).join('')}</ul>`;
  const body = [
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${escapeHtml(title)}</h1>`,
    lines.length > 0 ? list(lines) : '',
    more === undefined ? '' : `<p style="margin:12px 0">${escapeHtml(more)}</p>`,
    departments.length > 0
      ? `<h2 style="font-size:16px;margin:20px 0 8px">By department</h2>${list(departments)}`
      : '',
    link === undefined
      ? ''
      : `<p style="margin:20px 0"><a href="${escapeHtml(link)}">Open Pulsewatch</a></p>`,
    `<p style="margin:20px 0 0;font-size:13px;opacity:.75">${escapeHtml(time)}<br>Sent by Pulsewatch.</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:600px;margin:0 auto;padding:16px 20px;border:1px solid #8888;border-left:6px solid ${COLOURS[tone]};border-radius:6px;overflow-wrap:anywhere">${body.join('')}</div></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
