import { isISO8601, ValidateBy } from 'class-validator';

/** Accepts a date, or a date with time. `Date` misreads the week dates and ordinal dates of ISO 8601. */
const isTime = (value: unknown): boolean =>
  isISO8601(value, { strict: true }) &&
  /^\d{4}-\d\d-\d\d/.test(String(value)) &&
  !Number.isNaN(Date.parse(String(value)));

/** Validates a string as a date or date-time that `Date.parse` reads correctly. */
export const IsTime = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: isTime,
      defaultMessage: () => '$property must be a time like 2026-01-01T00:00:00Z',
    },
  });
