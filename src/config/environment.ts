import {
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsUrl,
  Matches,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { LOG_LEVELS, type LogLevel } from './config.js';
import { isAddressOrSubnet, isOrigin, listOf } from './network-formats.js';
import { parseBytes, parseDuration } from '../lib/units.js';

/** Decorates a text property whose text `accepts`; `expected` ends the sentence "X must be …". */
function IsText(
  accepts: (text: string) => boolean,
  expected: string,
  options?: ValidationOptions,
): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && accepts(value);
  return ValidateBy(
    { name: 'isText', validator: { validate, defaultMessage: () => `$property must be ${expected}` } },
    options,
  );
}

const IsWhole = (min: number, max: number) =>
  IsText(
    (text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max,
    `a whole number from ${min} to ${max}`,
  );
const IsPercentage = () =>
  IsText((text) => /^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100, 'a number from 0 to 100');
const IsDuration = (minMs: number, maxMs = Infinity) =>
  IsText(
    (text) => (parseDuration(text) ?? -1) >= minMs && (parseDuration(text) ?? Infinity) <= maxMs,
    'a duration like 500ms, 60s, 5m, 2h or 90d, within its bounds',
  );
/** What a timer of Node.js can wait at most: after more than that it does not wait at all. */
const LONGEST_PAUSE_MS = 2_147_483_647;
const IsPause = (minMs: number) => IsDuration(minMs, LONGEST_PAUSE_MS);
const IsBytes = () =>
  IsText((text) => (parseBytes(text) ?? 0) > 0, 'a size like 268435456, 512K, 256M or 1G');
const IsListOf = (accepts: (item: string) => boolean, expected: string) =>
  IsText((text) => listOf(text).every(accepts), `a list, separated by commas, of ${expected}`);
const IsOnOff = () => IsIn(['on', 'off'], { message: '$property must be on or off' });
const IsBool = () => IsIn(['true', 'false'], { message: '$property must be true or false' });

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Whether every % begins the code of a character. */
function isEncoded(text: string): boolean {
  return /^([^%]|%[\da-f]{2})*$/i.test(text);
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  const isAddress = /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d{0,3})?$/.test(pathname);
  return isAddress && [username, password].every(isEncoded);
}

/** Every environment variable that is read, as text. `.env.example` lists the same ones. */
export class Environment {
  @IsNotEmpty() HOST = '127.0.0.1';
  @IsWhole(0, 65_535) PORT = '8000';
  @IsDuration(10, 3_600_000) REQUEST_HEAD_TIMEOUT = '10s';
  @IsIn(LOG_LEVELS, { message: `$property must be one of ${LOG_LEVELS.join(', ')}` }) LOG_LEVEL: LogLevel =
    'info';
  @IsOptional() @IsIn(['json', 'pretty'], { message: '$property must be json or pretty' }) LOG_FORMAT?:
    'json' | 'pretty';

  @IsIn(['embedded', 'dynamodb'], { message: '$property must be embedded or dynamodb' })
  STORAGE: 'embedded' | 'dynamodb' = 'embedded';
  @IsNotEmpty() DATA_DIR = './data';
  @IsOptional()
  @Matches(/^[a-z0-9-]{3,30}$/, { message: '$property must be the name of an AWS region' })
  AWS_REGION?: string;
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: '$property must be an http or https address' },
  )
  DYNAMODB_ENDPOINT?: string;
  @IsBool() DYNAMODB_CREATE_TABLES = 'false';
  @IsIn(['auto', 'off'], { message: '$property must be auto or off' }) DYNAMODB_STREAMS: 'auto' | 'off' =
    'auto';
  @Matches(/^[A-Za-z0-9_.-]{0,100}$/, { message: '$property may hold letters, digits, _, - and . only' })
  TABLE_PREFIX = '';

  @IsOptional()
  @IsText(isRedisUrl, 'an address like redis://user:password@host:6379/0, or rediss:// for TLS')
  REDIS_URL?: string;
  @IsText((text) => /^[\w:.-]{0,60}$/.test(text), 'at most 60 letters, digits, and : . _ -') REDIS_PREFIX =
    'pulsewatch:';

  @IsPercentage() STRESS_THRESHOLD = '40';
  @IsOptional() @IsNotEmpty() RULES_FILE?: string;
  @IsOptional() @IsNotEmpty() INSTRUMENT_FILE?: string;
  @IsPause(0) RISK_EVALUATE_EVERY = '60s';
  @IsWhole(1, 1_000) MIN_GROUP_SIZE = '1';

  @IsText(isTimezone, 'a time zone of the IANA list, like UTC or Asia/Bangkok') ALERT_TIMEZONE = 'UTC';
  @IsPause(10) ALERT_POLL_INTERVAL = '250ms';
  // Less would endanger an instance that stood still for a while: it tells a lost race by what the log still holds.
  @IsDuration(3_600_000) ALERT_RETENTION = '90d';

  // Responses have dates: less than a day would remove those of today.
  @IsOptional() @IsDuration(86_400_000) RESPONSE_RETENTION?: string;

  @IsBytes() UPLOAD_MAX_BYTES = '256M';
  @IsWhole(1, 100_000_000) UPLOAD_MAX_ROWS = '1000000';
  @IsWhole(1, 10_000) UPLOAD_MAX_COLUMNS = '200';
  @IsWhole(1, 100_000) UPLOAD_MAX_CELL = '2000';
  // What is parsed at once: an open quote swallows as much before it is an error.
  @IsWhole(1_000, 16_777_216) UPLOAD_MAX_RECORD = '1048576';
  @IsWhole(1, 10_000) UPLOAD_MAX_HEADER = '256';
  @IsWhole(1, 10_000) UPLOAD_MAX_QUEUED = '20';
  @IsWhole(1, 10_000) UPLOAD_MAX_PER_CALLER = '5';
  @IsDuration(60_000) UPLOAD_IDEMPOTENCY_TTL = '24h';

  @IsPause(100) WS_HEARTBEAT = '30s';
  @IsBytes() WS_MAX_PAYLOAD = '4K';
  @IsWhole(1, 1_000_000) WS_MAX_CONNECTIONS = '20000';
  @IsPause(100) WS_STALL_LIMIT = '60s';

  @IsIn(['off', 'jwt'], { message: '$property must be off or jwt' }) AUTH_MODE: 'off' | 'jwt' = 'off';
  @IsOptional() @IsNotEmpty() JWT_SECRET?: string;
  @IsOptional() @IsNotEmpty() JWKS_FILE?: string;
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: '$property must be an https address' },
  )
  JWKS_URL?: string;
  @IsOptional() @IsNotEmpty() JWT_ISSUER?: string;
  @IsOptional() @IsNotEmpty() JWT_AUDIENCE?: string;
  @IsNotEmpty() JWT_ROLE_CLAIM = 'role';
  @IsNotEmpty() JWT_DEPARTMENTS_CLAIM = 'departments';
  @IsOptional() @IsNotEmpty() JWT_TYPE?: string;
  @IsDuration(0, 60_000) JWT_CLOCK_SKEW = '5s';
  @IsBool() MANAGERS_SEE_EMPLOYEES = 'false';

  @IsListOf(isOrigin, 'origins like https://portal.example.com') ALLOWED_ORIGINS = '';
  @IsListOf(isAddressOrSubnet, 'addresses and subnets like 10.0.0.0/8') TRUSTED_PROXIES = '';
  @IsOptional() @IsWhole(0, 1_000_000) WS_MAX_CONNECTIONS_PER_ADDRESS?: string;
  @IsOptional() @IsWhole(0, 1_000_000) WS_MAX_MESSAGES_PER_MINUTE?: string;
  @IsOptional() @IsWhole(0, 1_000_000) REQUESTS_PER_MINUTE?: string;
  @IsOptional() @IsWhole(0, 1_000_000) UPLOADS_PER_MINUTE?: string;

  @IsOptional() @IsNotEmpty() CHANNELS_FILE?: string;
  @IsIn(['thin', 'full'], { message: '$property must be thin or full' }) CHANNEL_DETAIL: 'thin' | 'full' =
    'thin';
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: '$property must be an http or https address' },
  )
  PUBLIC_URL?: string;

  // Less would remove lines of the very day that is written.
  @IsDuration(86_400_000) AUDIT_RETENTION = '365d';

  @IsOptional() @IsNotEmpty() TLS_CERT?: string;
  @IsOptional() @IsNotEmpty() TLS_KEY?: string;
  @IsOptional() @IsOnOff() DOCS?: 'on' | 'off';
  @IsOptional() @IsOnOff() LIVE_PAGE?: 'on' | 'off';
}
