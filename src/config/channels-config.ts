import type { Route } from '../domain/notifications/routing.js';
import type { Secret } from './secret.js';

/** How much a receiver is told: `thin` holds type, department, count and link; `full` names people and their scores. */
export const DETAILS = ['thin', 'full'] as const;
export type Detail = (typeof DETAILS)[number];

/** What every receiver has. Times are milliseconds. */
interface ReceiverBase {
  /** `[a-z0-9][a-z0-9-]*`, unique in the file. */
  readonly name: string;
  readonly detail: Detail;
  /** The longest pause between two attempts. */
  readonly retryMaxMs: number;
  /** A message that fails for longer than this becomes a dead letter. */
  readonly giveUpMs: number;
  /** One attempt may take this long. */
  readonly timeoutMs: number;
}

/** Standard Webhooks. The first secret signs first; the others are those that are being rotated out. */
export interface WebhookReceiver extends ReceiverBase {
  readonly kind: 'webhook';
  readonly url: Secret;
  readonly secrets: readonly Secret[];
  readonly allowPrivate: boolean;
}

export interface SlackReceiver extends ReceiverBase {
  readonly kind: 'slack';
  readonly url: Secret;
}

export interface TeamsReceiver extends ReceiverBase {
  readonly kind: 'teams';
  readonly url: Secret;
}

/** `smtp` is an address like `smtps://user:password@host:465`. */
export interface EmailReceiver extends ReceiverBase {
  readonly kind: 'email';
  readonly smtp: Secret;
  readonly from: string;
  readonly to: readonly string[];
}

/** Keys are those of VAPID, base64url. `subject` is a mailto: or https: address of the operator. */
export interface WebPushReceiver extends ReceiverBase {
  readonly kind: 'web_push';
  readonly vapidPublic: string;
  readonly vapidPrivate: Secret;
  readonly subject: string;
  readonly allowPrivate: boolean;
}

export type ReceiverConfig =
  WebhookReceiver | SlackReceiver | TeamsReceiver | EmailReceiver | WebPushReceiver;
export type ReceiverKind = ReceiverConfig['kind'];

/** The channels file, validated. */
export interface ChannelsConfig {
  readonly receivers: readonly ReceiverConfig[];
  readonly routes: readonly Route[];
}
