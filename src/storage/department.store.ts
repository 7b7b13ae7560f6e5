import type { Department } from '../domain/people/department.js';
import { EntityStore } from './ports/entity.store.js';

/** The `Departments` table, by department id. */
export abstract class DepartmentStore extends EntityStore<Department> {}
