import { Injectable } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { Config } from '../config/config.js';
import type {
  AlertCleared,
  AlertEvent,
  AlertType,
  ClearReason,
  DepartmentCriticalData,
  EmployeeStressData,
} from '../domain/alert.js';
import { ZonedTime } from '../domain/zoned-time.js';

/** The messages of contract section 7, as they stand in a frame, in REST lists and in webhooks. */
export type AlertMessage =
  | { type: 'employee_stress'; id: string; timestamp: string; data: EmployeeStressData }
  | { type: 'department_critical'; id: string; timestamp: string; data: DepartmentCriticalData }
  | { type: 'alert_cleared'; id: string; timestamp: string; data: ClearedData };

export interface ClearedData {
  alert: AlertType;
  employee_id?: string;
  stress_rate?: number | null;
  department_id?: string;
  overall_risk?: string | null;
  raised_id: string;
  reason: ClearReason;
}

/** Puts events and the gateway's own words into the form that callers see. */
@Injectable()
export class AlertMessages {
  private readonly time: ZonedTime;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  /** The message for an event; the same each time it is asked for. */
  of(event: AlertEvent): AlertMessage {
    const head = { id: String(event.id), timestamp: this.time.iso(event.at) };
    if (event.kind === 'cleared') return { type: 'alert_cleared', ...head, data: clearedData(event) };
    return event.alert === 'employee_stress'
      ? { type: event.alert, ...head, data: event.data }
      : { type: event.alert, ...head, data: event.data };
  }

  /** The first message of every connection. */
  connection(): object {
    return { type: 'connection', message: 'Connected to risk monitoring alerts', timestamp: this.now() };
  }

  /** The answer to a ping. */
  pong(): object {
    return { type: 'pong', timestamp: this.now() };
  }

  private now(): string {
    return this.time.iso(this.clock.now());
  }
}

function clearedData({ alert, entityId, value, raisedId, reason }: AlertCleared): ClearedData {
  const tail = { raised_id: String(raisedId), reason };
  if (alert === 'employee_stress') {
    return { alert, employee_id: entityId, stress_rate: typeof value === 'number' ? value : null, ...tail };
  }
  return { alert, department_id: entityId, overall_risk: typeof value === 'string' ? value : null, ...tail };
}
