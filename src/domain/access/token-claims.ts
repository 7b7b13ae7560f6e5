import { ROLES, type Caller, type Role } from './access.js';

/** The claims to read: each a name, or a path of names joined by dots. */
export interface ClaimNames {
  readonly roleClaim: string;
  readonly departmentsClaim: string;
}

/** Why claims give no caller: they name no subject, or no role of Pulsewatch. */
export type ClaimFault = 'no_subject' | 'no_role';

const MAX_SUBJECT = 256;
/** Further departments are ignored. A manager of so many departments should have the role `hr`. */
const MAX_DEPARTMENTS = 1_000;
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/**
 * The caller that the claims of a verified token name. Of several roles the first in the order of {@link ROLES} counts.
 * Unknown roles are ignored.
 */
export function callerFromClaims(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, departmentsClaim }: ClaimNames,
): Caller | ClaimFault {
  const { sub } = claims;
  if (typeof sub !== 'string' || sub.length > MAX_SUBJECT || !PRINTABLE.test(sub)) return 'no_subject';
  const named = textsOf(claimOf(claims, roleClaim));
  const role: Role | undefined = ROLES.find((known) => named.includes(known));
  if (role === undefined) return 'no_role';
  const departments = textsOf(claimOf(claims, departmentsClaim)).slice(0, MAX_DEPARTMENTS);
  return { subject: sub, role, departments };
}

/** The claim with exactly this name, otherwise the value at the path: identity providers use both. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found;
}

function textsOf(claim: unknown): string[] {
  const items: unknown[] = Array.isArray(claim) ? claim : [claim];
  return items.filter((item) => typeof item === 'string');
}
