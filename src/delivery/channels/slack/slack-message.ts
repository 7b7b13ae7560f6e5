import type { Detail } from '../../../config/channels-config.js';
import { countOf, type Notification } from '../../../domain/notifications/notification.js';
import {
  departmentFacts,
  moreDepartments,
  moreEvents,
  statusOf,
  wordingOf,
  type DepartmentFact,
} from '../../../domain/notifications/notification-text.js';
import { fitting, OPEN, shownLink, timeText, type ChatContext } from '../http/chat-text.js';

/** A header holds no more. */
const HEADER_CHARACTERS = 150;
/** A section holds 3,000 and a message about 13,000: it holds the lines twice, and the departments. */
const PART_CHARACTERS = 2_300;
/** A longer address would not fit into a section of 3,000. */
const LINK_CHARACTERS = 2_900;
/** A section holds no more fields. */
const FIELDS = 10;

/** Text from data: nothing in it is formatting, a link, a mention or an emoji code. */
interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** Text of ours. `verbatim`: only what is written as a link is a link. */
interface MarkedText {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'context'; readonly elements: readonly [PlainText] }
  | {
      readonly type: 'section';
      readonly text: PlainText | MarkedText;
      readonly fields?: readonly PlainText[];
    };

/** The body of a call of an incoming webhook. */
export interface SlackMessage {
  /** The text of notifications, screen readers, and clients without blocks. */
  readonly text: string;
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly blocks: readonly SlackBlock[];
}

/**
 * A notification for Slack, within its limits; what does not fit is left out from the end, and counted.
 *
 * Text from data stands in `plain_text` objects only: Slack's own markup has no escape for `*`, `_`, `~` and backticks,
 * so in `mrkdwn` a name could always format what follows. `&`, `<` and `>` are escaped all the same, as Slack wants it
 * in every text and reads it back in every text; they are what mentions and links are made of. The fallback text cannot
 * be a text object, so `mrkdwn: false` turns formatting off for it.
 */
export function slackMessage(notification: Notification, detail: Detail, context: ChatContext): SlackMessage {
  const wording = wordingOf(notification, detail);
  const title = cutTo(wording.title, HEADER_CHARACTERS);
  const status = statusOf(notification);
  const lines = fitting(wording.lines.map(escapeText), PART_CHARACTERS, lengthInJson).kept;
  const facts = departmentFacts(notification);
  const fields = fitting(facts.slice(0, FIELDS).map(fieldOf), PART_CHARACTERS, lengthInJson).kept;
  const isWhole = lines.length === wording.lines.length;
  const more = isWhole ? wording.more : moreEvents(countOf(notification) - lines.length);
  const departments = facts.length > 0 ? facts.length + notification.digest.moreDepartments : 0;
  const others = moreDepartments(departments - fields.length);
  const target = linkTarget(shownLink(context) ?? '');
  return {
    text: [title, status, ...lines, ...(more === undefined ? [] : [more])].join('\n'),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title) },
      aside(`${status} · ${timeText(notification.at, context.time)}`),
      ...(lines.length > 0 ? [section(plain(lines.join('\n')))] : []),
      ...(more === undefined ? [] : [aside(more)]),
      ...(fields.length > 0 ? [section(marked('*By department*'), fields.map(plain))] : []),
      ...(others === undefined ? [] : [aside(others)]),
      // Not a button: Slack would ask the app what a click means, and show a warning without an answer.
      ...(target === '' || target.length > LINK_CHARACTERS ? [] : [section(marked(`<${target}|${OPEN}>`))]),
    ],
  };
}

function fieldOf({ department, counts }: DepartmentFact): string {
  return escapeText(`${department}: ${counts}`);
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

function marked(text: string): MarkedText {
  return { type: 'mrkdwn', text, verbatim: true };
}

function aside(text: string): SlackBlock {
  return { type: 'context', elements: [plain(text)] };
}

function section(text: PlainText | MarkedText, fields?: readonly PlainText[]): SlackBlock {
  return { type: 'section', text, ...(fields === undefined ? {} : { fields }) };
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped, and cut between characters: no escape is cut in two. */
function cutTo(text: string, limit: number): string {
  const whole = escapeText(text);
  if (whole.length <= limit) return whole;
  const ellipsis = '…';
  const { kept } = fitting(Array.from(text, escapeText), limit - ellipsis.length, ({ length }) => length);
  return kept.join('').trimEnd() + ellipsis;
}

/** With the line break behind it. Whether Slack counts before or after it reads the JSON is not known. */
function lengthInJson(text: string): number {
  return JSON.stringify(`${text}\n`).length - 2;
}

/** An address where Slack's markup has one. */
function linkTarget(link: string): string {
  const target = link.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C');
  return target.replaceAll('&', '&amp;');
}
