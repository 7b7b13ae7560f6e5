import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { AccessScopes } from '../auth/access-scopes.js';
import { callerOf } from '../auth/request-identity.js';
import type { Caller, AccessScope } from '../../domain/access/access.js';
import { isChange, type AuditFact } from '../../domain/access/audit.js';
import {
  auditContextOf,
  fillTarget,
  pathPart,
  textOf,
  type AuditContext,
  type AuditedAs,
} from './audit-context.js';
import { AuditLog } from './audit-log.js';

/** Records the successful calls of audited handlers: a change before its response, everything else in the background. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: AuditLog,
    private readonly scopes: AccessScopes,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const auditContext = auditContextOf(request);
    if (!auditContext?.as) return next.handle();
    const { as } = auditContext;
    auditContext.stage = 'begun';
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        await this.record(request, auditContext, as, answer);
        return answer;
      }),
    );
  }

  private async record(
    request: Request,
    auditContext: AuditContext,
    { action, target }: AuditedAs,
    answer: unknown,
  ): Promise<void> {
    auditContext.stage = 'written';
    const caller = callerOf(request);
    // The handler records a connection: only it knows whether the connection was opened.
    if (action === 'alerts.connect') return;
    if (action === 'alerts.read' && !seesEmployeeAlerts(caller, this.scopes.of(caller))) return;
    const sent = pathPart(request.params);
    const fact: AuditFact = {
      subject: caller.subject,
      role: caller.role,
      action,
      target: fillTarget(target, (name) => sent(name) ?? partOf(answer, name)),
      outcome: 'allowed',
      address: auditContext.address,
    };
    if (isChange(action)) await this.audit.record(fact);
    else this.audit.note(fact);
  }
}

/** Department alerts hold no data of employees. */
function seesEmployeeAlerts({ departments }: Caller, { seesAlert }: Pick<AccessScope, 'seesAlert'>): boolean {
  return [...departments, ''].some((department) => seesAlert({ alert: 'employee_stress', department }));
}

function partOf(answer: unknown, name: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  return textOf(Object.entries(answer).find(([key]) => key === name)?.[1]);
}
