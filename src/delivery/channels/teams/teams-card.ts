import type { Detail } from '../../../config/channels-config.js';
import type { Notification } from '../../../domain/notifications/notification.js';
import {
  departmentFacts,
  moreDepartments,
  statusOf,
  wordingOf,
  type Tone,
} from '../../../domain/notifications/notification-text.js';
import { OPEN, shownLink, timeText, type ChatContext } from '../http/chat-text.js';

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

/** A notification for Teams. Ten names of a hundred characters each, whatever they are, fit into what it takes. */
export function teamsCard(notification: Notification, detail: Detail, context: ChatContext): TeamsMessage {
  const { title, tone, lines, more } = wordingOf(notification, detail);
  const status = `${statusOf(notification)} · ${timeText(notification.at, context.time)}`;
  const facts = departmentFacts(notification).map(({ department, counts }) => ({
    title: escapeText(department),
    value: counts,
  }));
  const others = moreDepartments(facts.length > 0 ? notification.digest.moreDepartments : 0);
  return messageOf(
    [
      { ...text(escapeText(title)), size: 'Large', weight: 'Bolder', color: COLORS[tone] },
      { ...text(status), isSubtle: true },
      ...lines.map((line) => text(escapeText(line))),
      ...(more === undefined ? [] : [text(more)]),
      ...(facts.length > 0 ? [{ type: 'FactSet', facts } as const] : []),
      ...(others === undefined ? [] : [text(others)]),
    ],
    shownLink(context),
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
