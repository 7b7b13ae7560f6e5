import type { IncomingMessage } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { AuditAction } from '../../domain/access/audit.js';

/** Where the audit log finds what a handler does. */
export const AUDITED = 'pulsewatch:audited';

export interface AuditedAs {
  readonly action: AuditAction;
  readonly target: string;
}

/**
 * Leaves a line in the audit log for every call of a handler that succeeds, and for every one that is refused. Parts of
 * the target that begin with a colon stand for parameters of the path, or for what the answer calls so.
 */
export const Audited = (action: AuditAction, target: string): MethodDecorator =>
  SetMetadata<string, AuditedAs>(AUDITED, { action, target });

/** What a request is about, from where it comes, and how far it came. */
export interface Attempt {
  /** Absent: nothing that is audited, unless it is refused. */
  readonly as?: AuditedAs;
  readonly address: string;
  /** What is bounded as one when its requests are refused. */
  readonly network: string;
  /** `asked`: nothing is done yet; `begun`: its handler runs; `told`: its line is made. */
  stage: 'asked' | 'begun' | 'told';
}

const attempts = new WeakMap<IncomingMessage, Attempt>();

/** Remembers what a request is about. */
export function rememberAttempt(request: IncomingMessage, attempt: Omit<Attempt, 'stage'>): void {
  attempts.set(request, { ...attempt, stage: 'asked' });
}

/** What a request is about; undefined when no handler is for it. */
export function attemptOf(request: IncomingMessage): Attempt | undefined {
  return attempts.get(request);
}

/** What parts of a target stand for; undefined where that is not to be told. */
export type TargetPart = (name: string) => string | undefined;

/** The target with its parts filled in. One that cannot be told ends it: of `employees/:id` remains `employees`. */
export function fillTarget(target: string, part: TargetPart): string {
  const filled: string[] = [];
  for (const segment of target.split('/')) {
    const text = segment.startsWith(':') ? part(segment.slice(1)) : segment;
    if (text === undefined) break;
    filled.push(text);
  }
  return filled.join('/');
}

/** The parameters of a path, as they were sent. */
export function pathPart(params: Readonly<Record<string, unknown>>): TargetPart {
  return (name) => textOf(params[name]);
}

/** A text, if it is one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
