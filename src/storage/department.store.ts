import type { Department } from '../domain/department.js';
import { EntityStore } from './entity.store.js';

/** The `Departments` table, by department id. */
export abstract class DepartmentStore extends EntityStore<Department> {}
