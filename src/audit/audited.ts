import { SetMetadata } from '@nestjs/common';
import type { AuditAction } from '../domain/access/audit.js';

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
