import { SetMetadata } from '@nestjs/common';
import type { Counted } from '../platform/auth/rate-limiter.js';

/** Where the guard finds what a request counts as. */
export const COUNTED_AS = 'pulsewatch:counted-as';

/** Counts requests to a handler apart from others. */
export const LimitedAs = (counted: Counted): MethodDecorator =>
  SetMetadata<string, Counted>(COUNTED_AS, counted);
