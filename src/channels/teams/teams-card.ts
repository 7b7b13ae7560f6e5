import type { Detail } from '../../config/channels-config.js';
import { countOf, type Notification } from '../../domain/notification.js';
import {
  departmentFacts,
  moreDepartments,
  moreEvents,
  statusOf,
  wordingOf,
  type Tone,
} from '../../domain/wording.js';
import { fitting, OPEN, shownLink, timeText, type ChatContext } from '../chat-text.js';

/** Teams takes about 28 KB and refuses more with 413. */
export const MAX_CARD_BYTES = 27_000;
/** What the sentences about what was left out may take. */
const LEFT_OUT_BYTES = 400;

interface TextBlock {
  readonly type: 'TextBlock';
  readonly text: string;
  readonly wrap: true;
  readonly size?: 'Large';
  readonly weight?: 'Bolder';
  readonly color?: 'Attention' | 'Warning' | 'Good' | 'Default';
  readonly isSubtle?: true;
}

interface Fact {
  readonly title: string;
  readonly value: string;
}

interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly body: readonly (TextBlock | { readonly type: 'FactSet'; readonly facts: readonly Fact[] })[];
  readonly actions?: readonly { type: 'Action.OpenUrl'; title: string; url: string }[];
}

/** The body of a call of a workflow. */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

const COLORS: Readonly<Record<Tone, TextBlock['color'] & string>> = {
  critical: 'Attention',
  warning: 'Warning',
  resolved: 'Good',
  info: 'Default',
};

/** A notification for Teams, within its limit; what does not fit is left out from the end, and counted. */
export function teamsCard(notification: Notification, detail: Detail, context: ChatContext): TeamsMessage {
  const wording = wordingOf(notification, detail);
  const facts = departmentFacts(notification).map(({ department, counts }) => ({
    title: escapeText(department),
    value: counts,
  }));
  const allLines = wording.lines.map((line) => text(escapeText(line)));
  const head: readonly TextBlock[] = [
    { ...text(escapeText(wording.title)), size: 'Large', weight: 'Bolder', color: COLORS[wording.tone] },
    { ...text(`${statusOf(notification)} · ${timeText(notification.at, context.time)}`), isSubtle: true },
  ];
  const link = shownLink(context);
  const frame = bytesOf(messageOf([...head, { type: 'FactSet', facts: [] }], link)) + LEFT_OUT_BYTES;
  const lines = fitting(allLines, MAX_CARD_BYTES - frame, bytesOf);
  const table = fitting(facts, MAX_CARD_BYTES - frame - lines.cost, bytesOf).kept;
  const more = moreEvents(countOf(notification) - lines.kept.length);
  const departments = facts.length > 0 ? facts.length + notification.digest.moreDepartments : 0;
  const others = moreDepartments(departments - table.length);
  return messageOf(
    [
      ...head,
      ...lines.kept,
      ...(more === undefined ? [] : [text(more)]),
      ...(table.length > 0 ? [{ type: 'FactSet', facts: table } as const] : []),
      ...(others === undefined ? [] : [text(others)]),
    ],
    link,
  );
}

function messageOf(body: AdaptiveCard['body'], link: string | undefined): TeamsMessage {
  const content: AdaptiveCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: OPEN, url: link }] }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

function text(of: string): TextBlock {
  return { type: 'TextBlock', text: of, wrap: true };
}

/** As JSON, with the comma behind it. */
function bytesOf(part: object): number {
  return Buffer.byteLength(JSON.stringify(part)) + 1;
}

/**
 * Backslashes before what would be Markdown, a tag, an entity, an address or a date function, and before nothing else:
 * clients on phones show some of them. Facts are read as Markdown too.
 */
function escapeText(line: string): string {
  return (
    line
      .replace(/[\\`*_[\]~@]/g, '\\$&')
      .replace(/<(?=[a-z/!?])|&(?=#?\w+;)|(?<=\{)\{/gi, '\\$&')
      // A bare address becomes a link, and takes the backslashes behind it for its own.
      .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&')
      // Clients on phones take what follows a bracket for the beginning of a line.
      .replace(/\)(?=[-+\d])/g, '\\$&')
      .replace(/^[-+#>]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
}
