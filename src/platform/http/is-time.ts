import { isISO8601, ValidateBy } from 'class-validator';

/** A date, or a date with time: of the weeks and ordinal days of ISO-8601 `Date` makes something else, or nothing. */
const isTime = (value: unknown): boolean =>
  isISO8601(value, { strict: true }) &&
  /^\d{4}-\d\d-\d\d/.test(String(value)) &&
  !Number.isNaN(Date.parse(String(value)));

/** Decorates a text that `Date.parse` understands as everybody would. */
export const IsTime = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: isTime,
      defaultMessage: () => '$property must be a time like 2026-01-01T00:00:00Z',
    },
  });
