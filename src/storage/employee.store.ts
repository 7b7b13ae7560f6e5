import type { Employee } from '../domain/employee.js';
import { EntityStore } from './entity.store.js';

/** The `Employees` table, by employee id. */
export abstract class EmployeeStore extends EntityStore<Employee> {}
