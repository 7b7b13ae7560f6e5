import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Authentication } from '../auth/authentication.js';
import { callerOf } from '../auth/request-identity.js';
import type { Caller } from '../../domain/access/access.js';
import { isChange } from '../../domain/access/audit.js';
import { API_PREFIX } from '../http/api-prefix.js';
import { PROBLEMS, type ProblemCode, type Problem } from '../http/problem.js';
import { auditContextOf, fillTarget, pathPart, type AuditContext, type TargetPart } from './audit-context.js';
import { AuditLog } from './audit-log.js';

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);
/** The caller is not authenticated, or does not matter because the page or host is foreign. */
const WITHOUT_CALLER: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'unauthenticated',
  'foreign_origin',
  'foreign_host',
]);
/** An operation that ended with one of these may have done a part of its work. */
const INTERRUPTED: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'internal_error',
  'storage_unavailable',
  'server_stopping',
]);
/** An id from a caller is recorded only when it looks like one: no token is this short, and a full name has a blank. */
const LOOKS_LIKE_ID = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** Records refused requests, and changes whose request failed while it was processed. */
@Injectable()
export class FailureAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly authentication: Authentication,
  ) {}

  /** Called before a request is answered with a problem. */
  note(request: Request, response: Response, { code }: Problem): void {
    const context = auditContextOf(request);
    if (!context) return;
    // A missing entity and a hidden one get the same response, so guessed ids are recorded as refusals.
    const isRefusal = REFUSED.has(PROBLEMS[code].status) || (context.as && code === 'not_found');
    if (isRefusal) this.noteRefusal(request, context, code);
    else if (context.stage === 'begun' && INTERRUPTED.has(code))
      this.noteInterrupted(request, response, context, code);
  }

  private noteRefusal(request: Request, context: AuditContext, code: ProblemCode): void {
    const { as, address, network, stage } = context;
    // Text from a caller that is not authenticated is never recorded.
    const isKnown = stage === 'begun' || code === 'forbidden';
    this.audit.refused({
      address,
      network,
      action: as?.action ?? 'requests.other',
      target: as ? fillTarget(as.target, isKnown ? plausiblePart(request) : noPart) : resourceOf(request),
      code,
      ...(WITHOUT_CALLER.has(code) ? {} : { identify: () => this.callerOf(request, context) }),
    });
  }

  /** Records that data may have been changed or read although the response is a problem. */
  private noteInterrupted(
    request: Request,
    response: Response,
    context: AuditContext,
    code: ProblemCode,
  ): void {
    const { as, address } = context;
    if (!as || !(isChange(as.action) || response.headersSent)) return;
    const { subject, role } = callerOf(request);
    const target = fillTarget(as.target, plausiblePart(request));
    this.audit.note({ subject, role, action: as.action, target, outcome: 'allowed', code, address });
  }

  /**
   * The caller of a refused request. The guard keeps only admitted callers, so the token is verified once more; that happens
   * as rarely as lines are written. Rejects where the token is not valid.
   */
  private async callerOf(request: Request, { stage }: AuditContext): Promise<Caller> {
    if (stage === 'begun') return callerOf(request);
    return (await this.authentication.ofRequest(request)).caller;
  }
}

const noPart: TargetPart = () => undefined;

function plausiblePart(request: Request): TargetPart {
  const sent = pathPart(request.params);
  return (name) => {
    const text = sent(name);
    return text !== undefined && LOOKS_LIKE_ID.test(text) ? text : undefined;
  };
}

/** The first part of the path. It is the name of a known resource, since other paths are never refused. */
function resourceOf({ path }: Request): string {
  return (path.toLowerCase().split(`/${API_PREFIX}/`)[1] ?? '').split('/')[0] ?? '';
}
