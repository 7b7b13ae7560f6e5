import { SetMetadata } from '@nestjs/common';
import type { Permission } from '../../domain/access/access.js';

/** Where the guard finds what a handler, or its controller, requires. */
export const REQUIREMENT = 'pulsewatch:requirement';

/** What a handler requires: a permission, or nothing at all. */
export type Requirement = Permission | 'nothing';

/** Lets in callers with this permission only. */
export const Requires = (permission: Permission): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Requirement>(REQUIREMENT, permission);

/** Lets everybody in: for what holds no data of people. */
export const OpenToAll = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Requirement>(REQUIREMENT, 'nothing');
