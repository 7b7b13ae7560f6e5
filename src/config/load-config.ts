import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { validateSync } from 'class-validator';
import { DEFAULT_INSTRUMENT, parseInstrument, type Instrument } from '../domain/surveys/questionnaire.js';
import { builtInRules, parseRules, type Rules } from '../domain/alerts/rules.js';
import type { ChannelsConfig } from './channels-config.js';
import { parseChannels } from './channels-file.js';
import type { Config, StorageConfig } from './config.js';
import { ConfigError } from './config-error.js';
import { Environment } from './environment.js';
import { Secret } from './secret.js';
import { securityOf } from './load-security.js';
import { parseBytes, parseDuration } from '../lib/units.js';

/**
 * Reads and validates the settings. A variable that is absent or empty takes its default.
 * Throws ConfigError with every problem at once.
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const environment = new Environment();
  for (const name of ENVIRONMENT_NAMES) {
    const value = variables[name];
    if (value !== undefined && value !== '') Object.assign(environment, { [name]: value.trim() });
  }
  const problems = validateSync(environment, { stopAtFirstError: true }).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );
  const dataDir = resolve(environment.DATA_DIR);
  const storage = storageOf(environment, dataDir);
  if (storage === undefined)
    problems.push('STORAGE=dynamodb needs AWS_REGION; set it, or choose STORAGE=embedded');
  const security = securityOf(environment, variables.NODE_ENV === 'production', problems);
  const instrument = readInstrument(environment, problems);
  const rules = readRules(environment, problems);
  const channels = readChannels(environment, variables, problems);
  if (problems.length > 0 || storage === undefined) throw new ConfigError(problems);
  return build(environment, dataDir, {
    ...{ storage, instrument, rules, security },
    ...(channels ? { channels } : {}),
  });
}

/** The names of all variables, in the order of `.env.example`. */
export const ENVIRONMENT_NAMES: readonly string[] = [
  ...new Set([
    ...Object.keys(new Environment()),
    'LOG_FORMAT',
    'AWS_REGION',
    'DYNAMODB_ENDPOINT',
    'REDIS_URL',
    'RULES_FILE',
    'INSTRUMENT_FILE',
    'RESPONSE_RETENTION',
    'JWT_SECRET',
    'JWKS_FILE',
    'JWKS_URL',
    'JWT_ISSUER',
    'JWT_AUDIENCE',
    'JWT_TYPE',
    'WS_MAX_CONNECTIONS_PER_ADDRESS',
    'WS_MAX_MESSAGES_PER_MINUTE',
    'REQUESTS_PER_MINUTE',
    'UPLOADS_PER_MINUTE',
    'CHANNELS_FILE',
    'PUBLIC_URL',
    'TLS_CERT',
    'TLS_KEY',
    'DOCS',
    'LIVE_PAGE',
  ]),
];

function readInstrument({ INSTRUMENT_FILE }: Environment, problems: string[]): Instrument {
  if (INSTRUMENT_FILE === undefined) return DEFAULT_INSTRUMENT;
  return fromFile('INSTRUMENT_FILE', INSTRUMENT_FILE, parseInstrument, problems) ?? DEFAULT_INSTRUMENT;
}

function readRules({ RULES_FILE, STRESS_THRESHOLD, MIN_GROUP_SIZE }: Environment, problems: string[]): Rules {
  const base = builtInRules(Number(STRESS_THRESHOLD), Number(MIN_GROUP_SIZE));
  if (RULES_FILE === undefined) return base;
  return fromFile('RULES_FILE', RULES_FILE, (json) => parseRules(json, base), problems) ?? base;
}

function readChannels(
  { CHANNELS_FILE, CHANNEL_DETAIL }: Environment,
  variables: Readonly<Record<string, string | undefined>>,
  problems: string[],
): ChannelsConfig | undefined {
  if (CHANNELS_FILE === undefined) return undefined;
  try {
    const text = readFileSync(CHANNELS_FILE, 'utf8');
    return parseChannels({ text, variables, detail: CHANNEL_DETAIL }, problems);
  } catch (error) {
    problems.push(`CHANNELS_FILE: the file cannot be read: ${codeOf(error) ?? 'no code'}`);
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

function fromFile<T>(
  name: string,
  path: string,
  parse: (json: unknown) => T,
  problems: string[],
): T | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return parse(json);
  } catch (error) {
    const code = codeOf(error);
    const reason =
      error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : '';
    problems.push(`${name}: the file cannot be used: ${code ?? reason}`);
    return undefined;
  }
}

function storageOf(environment: Environment, dataDir: string): StorageConfig | undefined {
  if (environment.STORAGE !== 'dynamodb') return { driver: 'embedded', dataDir };
  if (environment.AWS_REGION === undefined) return undefined;
  return {
    driver: 'dynamodb',
    region: environment.AWS_REGION,
    ...(environment.DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: environment.DYNAMODB_ENDPOINT }),
    createTables: environment.DYNAMODB_CREATE_TABLES === 'true',
    tablePrefix: environment.TABLE_PREFIX,
    streams: environment.DYNAMODB_STREAMS,
  };
}

function build(
  environment: Environment,
  dataDir: string,
  parts: Pick<Config, 'storage' | 'instrument' | 'rules' | 'security' | 'channels'>,
): Config {
  return deepFreeze({
    host: environment.HOST,
    port: Number(environment.PORT),
    headTimeoutMs: parseDuration(environment.REQUEST_HEAD_TIMEOUT) ?? 0,
    logLevel: environment.LOG_LEVEL,
    logPretty:
      environment.LOG_FORMAT === undefined ? process.stdout.isTTY : environment.LOG_FORMAT === 'pretty',
    dataDir,
    ...parts,
    ...(environment.REDIS_URL === undefined
      ? {}
      : { redis: { url: new Secret(environment.REDIS_URL), prefix: environment.REDIS_PREFIX } }),
    ...(environment.PUBLIC_URL === undefined ? {} : { publicUrl: environment.PUBLIC_URL }),
    evaluateEveryMs: parseDuration(environment.RISK_EVALUATE_EVERY) ?? 0,
    minGroupSize: Number(environment.MIN_GROUP_SIZE),
    alertTimezone: environment.ALERT_TIMEZONE,
    alertPollMs: parseDuration(environment.ALERT_POLL_INTERVAL) ?? 0,
    alertRetentionMs: parseDuration(environment.ALERT_RETENTION) ?? 0,
    auditRetentionMs: parseDuration(environment.AUDIT_RETENTION) ?? 0,
    ...(environment.RESPONSE_RETENTION === undefined
      ? {}
      : { responseRetentionMs: parseDuration(environment.RESPONSE_RETENTION) ?? 0 }),
    upload: {
      maxBytes: parseBytes(environment.UPLOAD_MAX_BYTES) ?? 0,
      maxRows: Number(environment.UPLOAD_MAX_ROWS),
      maxColumns: Number(environment.UPLOAD_MAX_COLUMNS),
      maxCellCharacters: Number(environment.UPLOAD_MAX_CELL),
      maxRecordCharacters: Number(environment.UPLOAD_MAX_RECORD),
      maxHeaderCharacters: Number(environment.UPLOAD_MAX_HEADER),
      maxQueued: Number(environment.UPLOAD_MAX_QUEUED),
      maxPerCaller: Number(environment.UPLOAD_MAX_PER_CALLER),
      idempotencyTtlMs: parseDuration(environment.UPLOAD_IDEMPOTENCY_TTL) ?? 0,
    },
    webSocket: {
      heartbeatMs: parseDuration(environment.WS_HEARTBEAT) ?? 0,
      maxPayloadBytes: parseBytes(environment.WS_MAX_PAYLOAD) ?? 0,
      maxConnections: Number(environment.WS_MAX_CONNECTIONS),
      stallLimitMs: parseDuration(environment.WS_STALL_LIMIT) ?? 0,
    },
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
