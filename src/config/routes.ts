import { ALERT_TYPES, SEVERITIES } from '../domain/alerts/alert.js';
import { parseTimeOfDay } from '../domain/notifications/quiet-hours.js';
import type { Route } from '../domain/notifications/routing.js';
import {
  durationField,
  field,
  flagField,
  mapping,
  textField,
  textsField,
  wordsField,
  worded,
} from './file-schema.js';

const MINUTE_MS = 60_000;
const RECEIVERS = 'a list of names of receivers of this file';
const TIME_OF_DAY = 'a time of day like "22:00"';

/** Which alerts a route takes. */
export const MATCH_FIELDS = {
  types: field(wordsField(ALERT_TYPES).optional(), 'The types of alerts.', 'every type'),
  departments: field(
    textsField().optional(),
    'Names of departments; letter case does not matter.',
    'every department',
  ),
  severities: field(
    wordsField(SEVERITIES).optional(),
    '`critical` for departments, `warning` for employees.',
    'every severity',
  ),
};

function timeOfDay() {
  const isTime = (text: string): boolean => parseTimeOfDay(text) !== undefined;
  return worded(
    TIME_OF_DAY,
    textField(TIME_OF_DAY, isTime).transform((text) => parseTimeOfDay(text) ?? 0),
  );
}

/** Hours of the day, of `ALERT_TIMEZONE`. */
export const QUIET_FIELDS = {
  from: field(timeOfDay(), 'When the quiet hours begin.'),
  to: field(timeOfDay(), 'When they end; before `from`: on the next day.'),
};

/** The fields of a route to some of the receivers that have these names. */
export function routeFields(names: readonly string[]) {
  const areKnown = (to: readonly string[]): boolean => to.every((name) => names.includes(name));
  const isRepeat = (milliseconds: number): boolean => milliseconds === 0 || milliseconds >= MINUTE_MS;
  return {
    match: field(
      mapping(MATCH_FIELDS).optional(),
      'Which alerts the route takes: all parts must fit. See below.',
      'every alert',
    ),
    to: field(
      textsField(RECEIVERS).refine(areKnown, { error: `must be ${RECEIVERS}` }),
      'The receivers of what the route takes.',
    ),
    group_window: field(
      durationField().optional(),
      'How long the first alert waits for others, which then go into one message.',
      '`30s`; for webhooks `0s`',
    ),
    repeat: field(
      durationField().refine(isRepeat, { error: 'must be 0s, or 1m at least' }).default(0),
      'How often an alert that is active, and that nobody acknowledged, is sent again. `0s`: never; else `1m` at least.',
      '`0s`',
    ),
    quiet: field(
      mapping(QUIET_FIELDS)
        .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must be another time than "from"' })
        .optional(),
      'Hours in which nothing is sent; what happened meanwhile is sent at their end. See below.',
      'no quiet hours',
    ),
    continue: field(
      flagField(),
      'Whether the routes below this one are looked at too, once it has taken an alert.',
      '`false`',
    ),
  };
}

export function routeSchema(names: readonly string[]) {
  return mapping(routeFields(names)).transform(({ match = {}, group_window, quiet, ...route }): Route => {
    const { types, departments, severities } = match;
    return {
      match: {
        ...(types ? { types } : {}),
        ...(departments ? { departments } : {}),
        ...(severities ? { severities } : {}),
      },
      to: route.to,
      ...(group_window === undefined ? {} : { groupWindowMs: group_window }),
      repeatMs: route.repeat,
      ...(quiet ? { quiet } : {}),
      continue: route.continue,
    };
  });
}
