import { z } from 'zod';
import type { Rules } from '../domain/alerts/rules.js';
import { mapping, noSuchSetting, readFileContent } from './file-schema.js';

const percentage = z
  .number({ error: 'must be a number from 0 to 100' })
  .refine((value) => value >= 0 && value <= 100, { error: 'must be a number from 0 to 100' });
const enabled = z.boolean({ error: 'must be true or false' }).default(true);

/** A section that is empty, or not there, changes nothing. */
const section = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => value ?? {}, schema);

function rulesFile(base: Rules) {
  return mapping(
    {
      employee_stress: section(
        mapping(
          {
            enabled,
            threshold: percentage.default(base.employee_stress.threshold),
            clear_at: percentage.optional(),
          },
          'an object',
        ).refine(({ threshold, clear_at = threshold }) => clear_at <= threshold, {
          path: ['clear_at'],
          error: 'must not be above its threshold',
        }),
      ),
      department_critical: section(mapping({ enabled }, 'an object')),
    },
    'a JSON object',
  );
}

/**
 * Applies a rules file, parsed from JSON, to the built-in rules:
 * `{"employee_stress": {"enabled", "threshold", "clear_at"}, "department_critical": {"enabled"}}`, all optional.
 * Throws FileError with everything that is wrong.
 */
export function parseRules(json: unknown, base: Rules): Rules {
  const { employee_stress: stress, department_critical: department } = readFileContent(
    rulesFile(base),
    json,
    {
      file: 'the rules',
      top: String,
      unknown: (place, key) =>
        place === 'the rules' ? `there is no rule ${key.slice(0, 40)}` : noSuchSetting(place, key),
    },
  );
  return {
    employee_stress: {
      alert: 'employee_stress',
      enabled: stress.enabled,
      threshold: stress.threshold,
      clearAt: stress.clear_at ?? stress.threshold,
    },
    department_critical: { ...base.department_critical, enabled: department.enabled },
  };
}
