import type { Department } from '../../domain/people/department.js';
import { ROSTER_ATTRIBUTES, type Employee } from '../../domain/people/employee.js';
import {
  type Item,
  joined,
  metricsFields,
  numberField,
  present,
  readMetrics,
  textField,
} from './item-fields.js';
import type { TableName } from './table-definitions.js';

/** How entities are mapped to items. */
export interface ItemMapping<T> {
  readonly table: TableName;
  readonly key: string;
  readonly toItem: (entity: T) => Item;
  readonly fromItem: (id: string, item: Item) => T;
  /**
   * The attributes that decisions depend on besides those that they change: a write fails if one differs from what was
   * read.
   */
  readonly guards: readonly string[];
}

/** The `Employees` table. */
export const EMPLOYEE_ITEMS: ItemMapping<Employee> = {
  table: 'Employees',
  key: 'Employee_ID',
  // The division, too: the totals of departments depend on it. A change of metrics also changes `metrics_updated_at`.
  guards: ['division', 'last_submission_date', 'metrics_order', 'metrics_updated_at', 'roster_updated_at'],
  toItem: (employee) =>
    joined(
      { Employee_ID: employee.employeeId },
      employee.attributes,
      metricsFields(employee.metrics),
      present({
        last_submission_date: employee.lastSubmissionDate,
        metrics_order: employee.metricsOrder,
        metrics_updated_at: employee.metricsUpdatedAt,
        roster_updated_at: employee.rosterUpdatedAt,
      }),
    ),
  fromItem: (employeeId, item) => ({
    employeeId,
    attributes: present(Object.fromEntries(ROSTER_ATTRIBUTES.map((name) => [name, textField(item, name)]))),
    metrics: readMetrics(item),
    ...present({
      lastSubmissionDate: textField(item, 'last_submission_date'),
      metricsOrder: textField(item, 'metrics_order'),
      metricsUpdatedAt: textField(item, 'metrics_updated_at'),
      rosterUpdatedAt: textField(item, 'roster_updated_at'),
    }),
  }),
};

/** The `Departments` table. The id replaces a missing name. */
export const DEPARTMENT_ITEMS: ItemMapping<Department> = {
  table: 'Departments',
  key: 'department_id',
  guards: ['metrics_revision', 'metrics_updated_at'],
  toItem: (department) => ({
    department_id: department.departmentId,
    department_name: department.departmentName,
    ...metricsFields(department.metrics),
    ...present({
      engagement_score: department.engagementScore,
      respondents: department.respondents,
      scores_withheld: department.withheld,
      min_group_size: department.minGroupSize,
      overall_risk: department.overallRisk,
      metrics_updated_at: department.metricsUpdatedAt,
      metrics_revision: department.metricsRevision,
    }),
  }),
  fromItem: (departmentId, item) => ({
    departmentId,
    departmentName: textField(item, 'department_name') ?? departmentId,
    metrics: readMetrics(item),
    ...present({
      engagementScore: numberField(item, 'engagement_score'),
      respondents: numberField(item, 'respondents'),
      withheld: item.scores_withheld === true ? true : undefined,
      minGroupSize: numberField(item, 'min_group_size'),
      overallRisk: textField(item, 'overall_risk'),
      metricsUpdatedAt: textField(item, 'metrics_updated_at'),
      metricsRevision: numberField(item, 'metrics_revision'),
    }),
  }),
};
