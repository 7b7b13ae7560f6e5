import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_INSTRUMENT, type Instrument } from '../domain/surveys/questionnaire.js';
import { builtInRules, type Rules } from '../domain/alerts/rules.js';
import type { ChannelsConfig } from './channels-config.js';
import { parseChannels } from './channels-file.js';
import { ConfigError, type Config, type StorageConfig } from './config.js';
import { readEnvironment, type Environment, type Settings, type Variables } from './environment.js';
import { FileError } from './file-schema.js';
import { parseInstrument } from './instrument-file.js';
import { securityOf } from './load-security.js';
import type { ReceiverKinds } from './receivers.js';
import { parseRules } from './rules-file.js';
import { codeOf } from '../lib/error-code.js';

/**
 * Reads and validates the settings. A variable that is absent or empty takes its default.
 * `kinds`: what receivers of CHANNELS_FILE may be; needed only where that is set. Throws ConfigError with every problem at
 * once, those of the files too.
 */
export function loadConfig(variables: Variables, kinds: ReceiverKinds = {}): Config {
  const problems: string[] = [];
  const environment = readEnvironment(variables, problems);
  const { settings } = environment;
  const storage = storageOf(environment);
  if (storage === undefined)
    problems.push('STORAGE=dynamodb needs AWS_REGION; set it, or choose STORAGE=embedded');
  const security = securityOf(environment, variables.NODE_ENV === 'production', problems);
  const instrument = readInstrument(settings, problems);
  const rules = readRules(settings, problems);
  const channels = readChannels(settings, { variables, kinds }, problems);
  if (problems.length > 0 || storage === undefined) throw new ConfigError(problems);
  return build(settings, { ...{ storage, instrument, rules, security }, ...(channels ? { channels } : {}) });
}

function storageOf({ settings, isRefused }: Environment): StorageConfig | undefined {
  if (settings.STORAGE !== 'dynamodb' || isRefused('AWS_REGION'))
    return { driver: 'embedded', dataDir: resolve(settings.DATA_DIR) };
  if (settings.AWS_REGION === undefined) return undefined;
  return {
    driver: 'dynamodb',
    region: settings.AWS_REGION,
    ...(settings.DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: settings.DYNAMODB_ENDPOINT }),
    createTables: settings.DYNAMODB_CREATE_TABLES,
    tablePrefix: settings.TABLE_PREFIX,
    streams: settings.DYNAMODB_STREAMS,
  };
}

function readInstrument({ INSTRUMENT_FILE }: Settings, problems: string[]): Instrument {
  if (INSTRUMENT_FILE === undefined) return DEFAULT_INSTRUMENT;
  return fromFile('INSTRUMENT_FILE', INSTRUMENT_FILE, parseInstrument, problems) ?? DEFAULT_INSTRUMENT;
}

function readRules({ RULES_FILE, STRESS_THRESHOLD, MIN_GROUP_SIZE }: Settings, problems: string[]): Rules {
  const base = builtInRules(STRESS_THRESHOLD, MIN_GROUP_SIZE);
  if (RULES_FILE === undefined) return base;
  return fromFile('RULES_FILE', RULES_FILE, (json) => parseRules(json, base), problems) ?? base;
}

/** A system error has a code, which holds no value of the file; a parser's message may quote the file. */
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
    const reasons =
      error instanceof FileError
        ? error.problems
        : [error instanceof SyntaxError ? 'it is not JSON' : systemCodeOf(error)];
    problems.push(...reasons.map((reason) => `${name}: the file cannot be used: ${reason}`));
    return undefined;
  }
}

function readChannels(
  { CHANNELS_FILE, CHANNEL_DETAIL }: Settings,
  given: { readonly variables: Variables; readonly kinds: ReceiverKinds },
  problems: string[],
): ChannelsConfig | undefined {
  if (CHANNELS_FILE === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(CHANNELS_FILE, 'utf8');
  } catch (error) {
    problems.push(`CHANNELS_FILE: the file cannot be read: ${systemCodeOf(error)}`);
    return undefined;
  }
  return parseChannels({ text, detail: CHANNEL_DETAIL, ...given }, problems);
}

/** The code of a system error. Throws everything else again: it is a fault of ours, not of the file. */
function systemCodeOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return code;
}

function build(
  settings: Settings,
  parts: Pick<Config, 'storage' | 'instrument' | 'rules' | 'security' | 'channels'>,
): Config {
  return deepFreeze({
    host: settings.HOST,
    port: settings.PORT,
    headTimeoutMs: settings.REQUEST_HEAD_TIMEOUT,
    logLevel: settings.LOG_LEVEL,
    logPretty: settings.LOG_FORMAT === undefined ? process.stdout.isTTY : settings.LOG_FORMAT === 'pretty',
    dataDir: resolve(settings.DATA_DIR),
    ...parts,
    ...(settings.REDIS_URL === undefined
      ? {}
      : { redis: { url: settings.REDIS_URL, prefix: settings.REDIS_PREFIX } }),
    ...(settings.PUBLIC_URL === undefined ? {} : { publicUrl: settings.PUBLIC_URL }),
    evaluateEveryMs: settings.RISK_EVALUATE_EVERY,
    minGroupSize: settings.MIN_GROUP_SIZE,
    alertTimezone: settings.ALERT_TIMEZONE,
    alertPollMs: settings.ALERT_POLL_INTERVAL,
    alertRetentionMs: settings.ALERT_RETENTION,
    auditRetentionMs: settings.AUDIT_RETENTION,
    ...(settings.RESPONSE_RETENTION === undefined
      ? {}
      : { responseRetentionMs: settings.RESPONSE_RETENTION }),
    upload: {
      maxBytes: settings.UPLOAD_MAX_BYTES,
      maxRows: settings.UPLOAD_MAX_ROWS,
      maxColumns: settings.UPLOAD_MAX_COLUMNS,
      maxCellCharacters: settings.UPLOAD_MAX_CELL,
      maxRecordCharacters: settings.UPLOAD_MAX_RECORD,
      maxHeaderCharacters: settings.UPLOAD_MAX_HEADER,
      maxQueued: settings.UPLOAD_MAX_QUEUED,
      maxPerCaller: settings.UPLOAD_MAX_PER_CALLER,
      idempotencyTtlMs: settings.UPLOAD_IDEMPOTENCY_TTL,
    },
    webSocket: {
      heartbeatMs: settings.WS_HEARTBEAT,
      maxPayloadBytes: settings.WS_MAX_PAYLOAD,
      maxConnections: settings.WS_MAX_CONNECTIONS,
      stallLimitMs: settings.WS_STALL_LIMIT,
    },
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
