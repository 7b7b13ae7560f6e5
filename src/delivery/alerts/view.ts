import { seesEvent, type AccessScope } from '../../domain/access/access.js';
import { typeOf } from '../../domain/alerts/alert-message.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { isEntityEvent, type LogEvent } from '../../domain/alerts/log-event.js';

/** The part of the log that a group of subscribers sees. Subscribers with the same `key` share their buffers. */
export interface AlertView {
  readonly key: string;
  readonly accepts: (event: LogEvent) => boolean;
}

/** The part of `view` that a scope may see. */
export function scopedView(scope: AccessScope, view: AlertView): AlertView {
  return {
    key: `${scope.key}: ${view.key}`,
    accepts: (event) => seesEvent(scope, event) && view.accepts(event),
  };
}

/** The plain profile: raised alerts only. */
export const PLAIN_VIEW: AlertView = { key: 'plain', accepts: (event) => event.kind === 'raised' };

/** The filter of a subscriber; an absent part accepts everything. Departments are names, letter case ignored. */
export interface ViewFilter {
  readonly types?: readonly string[];
  readonly departments?: readonly string[];
}

/**
 * The v1 profile: everything that the filter accepts. An event that follows a raise passes when the filter has its own
 * type, or the type of its alert; a silence has no alert type and no department.
 */
export function v1View({ types, departments }: ViewFilter): AlertView {
  const wantedTypes = types && new Set(types);
  const wantedDepartments = departments && new Set(departments.map(foldDepartmentName));
  return {
    key: `v1/${keyOf(wantedTypes)}/${keyOf(wantedDepartments)}`,
    accepts: (event) =>
      (wantedTypes === undefined || wantedTypes.has(typeOf(event)) || isAboutOne(event, wantedTypes)) &&
      (wantedDepartments === undefined ||
        (isEntityEvent(event) && wantedDepartments.has(foldDepartmentName(event.department)))),
  };
}

function isAboutOne(event: LogEvent, types: ReadonlySet<string>): boolean {
  return isEntityEvent(event) && types.has(event.alert);
}

function keyOf(names: ReadonlySet<string> | undefined): string {
  return names === undefined ? '*' : JSON.stringify([...names].sort());
}
