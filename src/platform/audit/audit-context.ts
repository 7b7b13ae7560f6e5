import type { IncomingMessage } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { AuditAction } from '../../domain/access/audit.js';

/** The metadata key of {@link Audited}. */
export const AUDITED = 'pulsewatch:audited';

export interface AuditedAs {
  readonly action: AuditAction;
  readonly target: string;
}

/**
 * Writes a line to the audit log for every successful call of a handler, and for every refused one. A part of the target
 * that begins with a colon stands for a path parameter, or for the member of the response body with that name.
 */
export const Audited = (action: AuditAction, target: string): MethodDecorator =>
  SetMetadata<string, AuditedAs>(AUDITED, { action, target });

/** What a request asks for, where it comes from, and how far it got. */
export interface AuditContext {
  /** Absent: the handler is not audited; a refusal is written all the same. */
  readonly as?: AuditedAs;
  readonly address: string;
  /** The unit by which lines about refusals are bounded: an IPv4 address or an IPv6 network. */
  readonly network: string;
  /** `received`: no handler runs yet; `begun`: the handler runs; `written`: the line of the request exists. */
  stage: 'received' | 'begun' | 'written';
}

const contexts = new WeakMap<IncomingMessage, AuditContext>();

/** Attaches the audit context to a request. */
export function attachAuditContext(request: IncomingMessage, context: Omit<AuditContext, 'stage'>): void {
  contexts.set(request, { ...context, stage: 'received' });
}

/** The audit context of a request; undefined when no handler serves its address. */
export function auditContextOf(request: IncomingMessage): AuditContext | undefined {
  return contexts.get(request);
}

/** Returns the value of a part of a target; undefined where the log must not hold it. */
export type TargetPart = (name: string) => string | undefined;

/** Fills in the parts of a target. A part without a value ends the target: `employees/:id` becomes `employees`. */
export function fillTarget(target: string, part: TargetPart): string {
  const filled: string[] = [];
  for (const segment of target.split('/')) {
    const text = segment.startsWith(':') ? part(segment.slice(1)) : segment;
    if (text === undefined) break;
    filled.push(text);
  }
  return filled.join('/');
}

/** The parts from the path parameters, as the caller sent them. */
export function pathPart(params: Readonly<Record<string, unknown>>): TargetPart {
  return (name) => textOf(params[name]);
}

/** The value if it is a string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
