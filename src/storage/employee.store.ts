import type { Employee } from '../domain/people/employee.js';
import { EntityStore } from './ports/entity.store.js';

/** The `Employees` table, by employee id. */
export abstract class EmployeeStore extends EntityStore<Employee> {}
