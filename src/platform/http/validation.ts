import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './problem.js';
import type { Request } from 'express';

/** Nest's pipe treats a body that no parser accepted as an empty one, and overflows the stack on a deeply nested one. */
class BodyValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A WebSocket message passes here too. It has no DTO.
    const hasDto = metadata.metatype !== undefined && metadata.metatype !== Object;
    const isOptional = metadata.metatype !== undefined && 'isOptionalBody' in metadata.metatype;
    if (metadata.type === 'body' && hasDto && value === undefined && !isOptional)
      throw new Problem('unsupported_media_type', 'Send a JSON body, with "Content-Type: application/json".');
    try {
      return (await super.transform(value ?? (isOptional ? {} : value), metadata)) as unknown;
    } catch (error) {
      if (error instanceof RangeError) throw new Problem('bad_request', 'The body is nested too deeply.');
      throw error;
    }
  }
}

/** Validates DTOs. Unknown fields are refused, and every error is listed by field. */
export function validationPipe(): ValidationPipe {
  return new BodyValidationPipe({
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

/** Validates a plain object against a DTO class like the pipe, for handlers that clean up after a refusal. */
export async function parseDto<T extends object>(type: new () => T, value: unknown): Promise<T> {
  const parsed: unknown = await validationPipe().transform(value, { type: 'body', metatype: type });
  if (parsed instanceof type) return parsed;
  throw new Problem(
    'validation_failed',
    'The request has no fields. Send those that the API description lists.',
  );
}

/** Refuses a body that no parser accepted. A handler with an optional body would treat it as absent. */
export function refuseUnparsedBody({ body, headers }: Pick<Request, 'body' | 'headers'>): void {
  const isSent = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (isSent && body === undefined)
    throw new Problem(
      'unsupported_media_type',
      'Send a JSON body, with "Content-Type: application/json", or none.',
    );
}
