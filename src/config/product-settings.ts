import { DETAILS } from './channels-config.js';
import { isWebAddress } from './network-formats.js';
import {
  bytes,
  choice,
  duration,
  optional,
  path,
  pause,
  percentage,
  setting,
  text,
  whole,
} from './setting.js';

function isTimezone(given: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: given });
    return true;
  } catch {
    return false;
  }
}

export const RULES = {
  STRESS_THRESHOLD: setting('40', percentage, {
    purpose:
      'An employee whose `stress_rate` is above this percentage raises `employee_stress`; at or below it, the alert clears.',
    problem: 'It has no effect while `RULES_FILE` sets `employee_stress.threshold`.',
  }),
  RULES_FILE: optional(path, {
    purpose:
      'A JSON file that changes the built-in rules: `{"employee_stress": {"enabled": true, "threshold": 50, "clear_at": 45}, "department_critical": {"enabled": true}}`. Every part is optional.',
    unset: 'the built-in rules, with `STRESS_THRESHOLD`',
  }),
  INSTRUMENT_FILE: optional(path, {
    purpose:
      'A JSON file that replaces the questionnaire: `name`, `scale`, `required_questions`, `dimensions` and `rates`.',
    unset: 'the built-in questionnaire',
  }),
  RISK_EVALUATE_EVERY: setting('60s', pause('0'), {
    purpose: 'The pause between full evaluations; one instance makes them for all. `0`: none.',
    problem: 'With `0`, direct edits of a table wait for the next sync, or for `POST /api/v1/risk/evaluate`.',
  }),
  MIN_GROUP_SIZE: setting('1', whole(1, 1_000), {
    purpose:
      'Departments with fewer respondents show no score and raise no alert, so that no person can be inferred from a small group. `1` switches it off; 5 is usual.',
  }),
};

export const ALERTS = {
  ALERT_TIMEZONE: setting('UTC', text('a time zone of the IANA list, like UTC or Asia/Bangkok', isTimezone), {
    purpose: 'The zone of the timestamps of alerts, and of quiet hours.',
  }),
  ALERT_POLL_INTERVAL: setting('250ms', pause('10ms'), {
    purpose:
      'The pause between looks for alerts that other processes raised. Shorter is sooner, and costs more reads of the store.',
  }),
  // Less would endanger an instance that stood still for a while: it detects a lost race by what the log still holds.
  ALERT_RETENTION: setting('90d', duration('1h'), {
    purpose:
      'How long the alert log keeps events. A client that resumes from before gets the active alerts instead. An active alert is kept however old it is.',
  }),
};

export const PRIVACY = {
  // Responses have dates: less than a day would remove those of today.
  RESPONSE_RETENTION: optional(duration('1d'), {
    purpose: 'How long survey responses are kept after they were submitted.',
    unset: 'responses are kept until they are erased',
  }),
  // Less would remove lines of the very day that is written.
  AUDIT_RETENTION: setting('365d', duration('1d'), { purpose: 'How long the audit log keeps a line.' }),
};

export const UPLOADS = {
  UPLOAD_MAX_BYTES: setting('256M', bytes, {
    purpose: 'The largest file that is accepted.',
    problem:
      'Behind nginx a large file is refused with a page of nginx: raise `client_max_body_size` together with this.',
  }),
  UPLOAD_MAX_ROWS: setting('1000000', whole(1, 100_000_000), { purpose: 'The most rows of a file.' }),
  UPLOAD_MAX_COLUMNS: setting('200', whole(1, 10_000), { purpose: 'The most columns of a file.' }),
  UPLOAD_MAX_CELL: setting('2000', whole(1, 100_000), { purpose: 'The most characters of a cell.' }),
  // What is parsed at once: an open quote swallows as much before it is an error.
  UPLOAD_MAX_RECORD: setting('1048576', whole(1_000, 16_777_216), {
    purpose: 'The most characters of a record. An open quote is an error after as many.',
  }),
  UPLOAD_MAX_HEADER: setting('256', whole(1, 10_000), {
    purpose: 'The most characters in the name of a column.',
  }),
  UPLOAD_MAX_QUEUED: setting('20', whole(1, 10_000), {
    purpose: 'The most uploads that wait or run at once; the next one is refused for a while.',
  }),
  UPLOAD_MAX_PER_CALLER: setting('5', whole(1, 10_000), {
    purpose:
      'The most uploads of one caller (a subject, or an address) that wait or run at once; those that are being received count too.',
  }),
  UPLOAD_IDEMPOTENCY_TTL: setting('24h', duration('1m'), {
    purpose: 'How long an `Idempotency-Key` is remembered.',
  }),
};

export const WEB_SOCKET = {
  WS_HEARTBEAT: setting('30s', pause('100ms'), {
    purpose: 'The pause between pings. A client that has not answered by the next one is disconnected.',
    problem:
      'Connections end after a fixed time of silence: a proxy closes idle ones sooner. Set this below its time-out.',
  }),
  WS_MAX_PAYLOAD: setting('4K', bytes, { purpose: 'The largest message from a client.' }),
  WS_MAX_CONNECTIONS: setting('20000', whole(1, 1_000_000), {
    purpose: 'The most WebSockets of this instance.',
    problem: 'Each connection needs a file descriptor: raise `ulimit -n` together with this.',
  }),
  WS_STALL_LIMIT: setting('60s', pause('100ms'), {
    purpose: 'A client that reads nothing of what waits for it is closed after this long; it can resume.',
  }),
};

export const CHANNELS = {
  CHANNELS_FILE: optional(path, {
    purpose:
      'A YAML or JSON file of the receivers outside (Slack, Teams, mail, push, webhooks) and of the routes to them; see [the channels file](channels-file.md) and `examples/channels.yaml`.',
    unset: 'nothing is sent outside',
  }),
  CHANNEL_DETAIL: setting('thin', choice(...DETAILS), {
    purpose:
      'What receivers get that do not set `detail`: `thin` (type, department, count and link) or `full` (names and scores too).',
  }),
  PUBLIC_URL: optional(text('an http or https address', isWebAddress), {
    purpose: 'Where people reach the live page, for the links in messages.',
    unset: 'the address that the server listens on',
    problem: 'Links in messages lead to 127.0.0.1: set it to the address that people open.',
  }),
};
