import type { Detail } from '../../../config/channels-config.js';
import type { AlertType, ClearReason } from '../../../domain/alerts/alert.js';
import { alertMessage, type AlertMessage } from '../../../domain/alerts/alert-message.js';
import {
  countOf,
  type Notification,
  type NotifiableEvent,
} from '../../../domain/notifications/notification.js';
import type { ZonedTime } from '../../../lib/zoned-time.js';

/** The data of a thin message: no person, and no measured value. */
export interface ThinData {
  readonly alert?: AlertType;
  readonly department: string;
  readonly department_id?: string;
  readonly raised_id?: string;
  readonly reason?: ClearReason;
  readonly link?: string;
}

export interface ThinMessage extends Pick<AlertMessage, 'type' | 'id' | 'timestamp'> {
  readonly data: ThinData;
}

/** The body of a call (contract section 11). */
export type WebhookBody =
  | AlertMessage
  | ThinMessage
  | {
      readonly type: 'alerts' | 'alerts_active';
      readonly timestamp: string;
      readonly data: { readonly count: number; readonly alerts: readonly (AlertMessage | ThinMessage)[] };
    }
  | { readonly type: 'test'; readonly timestamp: string; readonly data: { readonly message: string } };

export interface BodyOptions {
  readonly detail: Detail;
  readonly time: ZonedTime;
  readonly link: string | undefined;
}

/** The body for a notification: the same at every attempt. `full` messages are those of the WebSocket, v1. */
export function webhookBody(notification: Notification, options: BodyOptions): WebhookBody {
  const { kind, events, isGroup } = notification;
  const timestamp = options.time.iso(notification.at);
  if (kind === 'test') return { type: 'test', timestamp, data: { message: 'Test message of Pulsewatch' } };
  const alerts = events.map((event) => messageOf(event, options));
  const [only] = alerts;
  if (kind === 'alerts' && !isGroup && only) return only;
  const type = kind === 'reminder' ? 'alerts_active' : 'alerts';
  return { type, timestamp, data: { count: countOf(notification), alerts } };
}

function messageOf(event: NotifiableEvent, { detail, time, link }: BodyOptions): AlertMessage | ThinMessage {
  const message = alertMessage(event, time);
  return detail === 'full' ? message : { ...message, data: thinData(event, link) };
}

function thinData(event: NotifiableEvent, link: string | undefined): ThinData {
  return {
    ...(event.kind === 'cleared' ? { alert: event.alert } : {}),
    department: event.department,
    // The id of an employee is a person's; that of a department is not.
    ...(event.alert === 'department_critical' ? { department_id: event.entityId } : {}),
    ...(event.kind === 'cleared' ? { raised_id: String(event.raisedId), reason: event.reason } : {}),
    ...(link === undefined ? {} : { link }),
  };
}
