import type { AccessScope } from '../domain/access-scope.js';
import { foldDepartmentName } from '../domain/department-name.js';
import type { AlertEvent } from '../domain/alert.js';

/** What a group of subscribers sees of the log. Subscribers with the same `key` share their buffers. */
export interface AlertView {
  readonly key: string;
  readonly accepts: (event: AlertEvent) => boolean;
}

/** What of `view` somebody with this scope may see. */
export function scopedView(scope: AccessScope, view: AlertView): AlertView {
  return {
    key: `${scope.key}: ${view.key}`,
    accepts: (event) => scope.seesAlert(event) && view.accepts(event),
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
 * The v1 profile: raised and cleared alerts, narrowed by the filter. A clear passes when `alert_cleared` is wanted, or
 * the type of the alert that it ends.
 */
export function v1View({ types, departments }: ViewFilter): AlertView {
  const wantedTypes = types && new Set(types);
  const wantedDepartments = departments && new Set(departments.map(foldDepartmentName));
  return {
    key: `v1/${keyOf(wantedTypes)}/${keyOf(wantedDepartments)}`,
    accepts: (event) =>
      (wantedTypes === undefined ||
        wantedTypes.has(event.alert) ||
        (event.kind === 'cleared' && wantedTypes.has('alert_cleared'))) &&
      (wantedDepartments === undefined || wantedDepartments.has(foldDepartmentName(event.department))),
  };
}

function keyOf(names: ReadonlySet<string> | undefined): string {
  return names === undefined ? '*' : JSON.stringify([...names].sort());
}
