import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './problem.js';

/** Checks DTOs: unknown fields are refused, and every problem is listed by field. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new Problem('validation_failed', 'Correct the fields listed in "errors".', {
        errors: errors.flatMap(fieldErrors),
      }),
  });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError): FieldError[] {
  return [
    ...Object.values(constraints).map((message) => ({ field: property, message })),
    ...children.flatMap(fieldErrors),
  ];
}

/** Checks a plain object against a DTO class, as the pipe does, for handlers that must clean up when it is refused. */
export async function parseDto<T extends object>(type: new () => T, value: unknown): Promise<T> {
  const parsed: unknown = await validationPipe().transform(value, { type: 'body', metatype: type });
  if (parsed instanceof type) return parsed;
  throw new Problem('validation_failed', 'The request lacks its fields.');
}
