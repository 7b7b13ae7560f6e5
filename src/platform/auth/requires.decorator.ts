import { SetMetadata } from '@nestjs/common';
import type { Permission } from '../../domain/access/access.js';

/** The metadata key of the requirement of a handler or a controller. */
export const REQUIREMENT = 'pulsewatch:requirement';

/** The requirement of a handler: a permission, or nothing. */
export type Requirement = Permission | 'nothing';

/** Admits only callers with this permission. */
export const Requires = (permission: Permission): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Requirement>(REQUIREMENT, permission);

/** Admits every caller. For handlers that return no personal data. */
export const OpenToAll = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Requirement>(REQUIREMENT, 'nothing');
