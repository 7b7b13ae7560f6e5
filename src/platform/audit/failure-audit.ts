import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Authentication } from '../auth/authentication.js';
import { callerOf } from '../auth/request-identity.js';
import type { Caller } from '../../domain/access/access.js';
import { isChange } from '../../domain/access/audit.js';
import { API_PREFIX } from '../http/api-prefix.js';
import { PROBLEMS, type ProblemCode, type Problem } from '../http/problem.js';
import { attemptOf, fillTarget, pathPart, type Attempt, type TargetPart } from './audit-context.js';
import { AuditLog } from './audit-log.js';

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);
/** Nobody has shown who they are, or it does not matter: it is some page that has no business here. */
const NAMELESS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'unauthenticated',
  'foreign_origin',
  'foreign_host',
]);
/** An operation that ended so may have done a part of its work. */
const BROKEN: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'internal_error',
  'storage_unavailable',
  'server_stopping',
]);
/** An id that somebody typed is kept when it looks like one: no token is this short, no full name without a blank. */
const LOOKS_LIKE_ID = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** Tells the audit log of requests that are answered with a problem, where that is worth a line. */
@Injectable()
export class FailureAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly authentication: Authentication,
  ) {}

  /** A request is about to be answered with a problem. */
  note(request: Request, response: Response, { code }: Problem): void {
    const attempt = attemptOf(request);
    if (!attempt) return;
    // What is not there and what is not to be seen look the same: who tries ids is told of.
    const isRefusal = REFUSED.has(PROBLEMS[code].status) || (attempt.as && code === 'not_found');
    if (isRefusal) this.noteRefusal(request, attempt, code);
    else if (attempt.stage === 'begun' && BROKEN.has(code)) this.noteBroken(request, response, attempt, code);
  }

  private noteRefusal(request: Request, attempt: Attempt, code: ProblemCode): void {
    const { as, address, network, stage } = attempt;
    // What somebody typed who has not shown who it is is not kept at all.
    const isKnown = stage === 'begun' || code === 'forbidden';
    this.audit.refused({
      address,
      network,
      action: as?.action ?? 'requests.other',
      target: as ? fillTarget(as.target, isKnown ? typedPart(request) : noPart) : roomOf(request),
      code,
      ...(NAMELESS.has(code) ? {} : { identify: () => this.callerOf(request, attempt) }),
    });
  }

  /** Something may be changed, or may have been read, though the answer is a problem. */
  private noteBroken(request: Request, response: Response, attempt: Attempt, code: ProblemCode): void {
    const { as, address } = attempt;
    if (!as || !(isChange(as.action) || response.headersSent)) return;
    const { subject, role } = callerOf(request);
    const target = fillTarget(as.target, typedPart(request));
    this.audit.note({ subject, role, action: as.action, target, outcome: 'allowed', code, address });
  }

  /**
   * Who sent a refused request. The guard remembers those alone whom it lets in, so the token of another is looked at once
   * more, as seldom as lines are written. Rejects where it names nobody.
   */
  private async callerOf(request: Request, { stage }: Attempt): Promise<Caller> {
    if (stage === 'begun') return callerOf(request);
    return (await this.authentication.ofRequest(request)).caller;
  }
}

const noPart: TargetPart = () => undefined;

function typedPart(request: Request): TargetPart {
  const sent = pathPart(request.params);
  return (name) => {
    const text = sent(name);
    return text !== undefined && LOOKS_LIKE_ID.test(text) ? text : undefined;
  };
}

/** The first part of the path, which is a word of ours: elsewhere nobody is refused. */
function roomOf({ path }: Request): string {
  return (path.toLowerCase().split(`/${API_PREFIX}/`)[1] ?? '').split('/')[0] ?? '';
}
