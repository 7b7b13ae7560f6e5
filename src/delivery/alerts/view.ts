import { seesEvent, type AccessScope } from '../../domain/access/access.js';
import { typeOf } from '../../domain/alerts/alert-message.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { isEntityEvent, type LogEvent } from '../../domain/alerts/log-event.js';

/** What a group of subscribers sees of the log. Subscribers with the same `key` share their buffers. */
export interface AlertView {
  readonly key: string;
  readonly accepts: (event: LogEvent) => boolean;
}

/** What of `view` somebody with this scope may see. */
export function scopedView(scope: AccessScope, view: AlertView): AlertView {
  return {
    key: `${scope.key}: ${view.key}`,
    accepts: (event) => seesEvent(scope, event) && view.accepts(event),
  };
}

/** The plain profile: raised alerts and nothing else. */
export const PLAIN_VIEW: AlertView = { key: 'plain', accepts: (event) => event.kind === 'raised' };

/** What a subscriber wants; an absent part accepts everything. Departments are names, letter case ignored. */
export interface ViewFilter {
  readonly types?: readonly string[];
  readonly departments?: readonly string[];
}

/**
 * The v1 profile: everything, narrowed by the filter. What follows a raise passes when its own type is wanted, or the
 * type of the alert that it is about; a silence is of no type of alert and of no department.
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
