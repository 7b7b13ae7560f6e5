import type { Instrument } from '../domain/surveys/questionnaire.js';
import type { Rules } from '../domain/alerts/rules.js';
import type { ChannelsConfig } from './channels-config.js';
import type { Secret } from './secret.js';
import type { SecurityConfig } from './security-config.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type StorageConfig =
  | { readonly driver: 'embedded'; readonly dataDir: string }
  | {
      readonly driver: 'dynamodb';
      readonly region: string;
      readonly endpoint?: string;
      readonly createTables: boolean;
      readonly tablePrefix: string;
      /** `auto`: the streams of the tables are read where there are any. */
      readonly streams: 'auto' | 'off';
    };

/** Bounds of one upload. */
export interface UploadLimits {
  readonly maxBytes: number;
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly maxCellCharacters: number;
  /** Of one record, and of the name of one column. */
  readonly maxRecordCharacters: number;
  readonly maxHeaderCharacters: number;
  /** Uploads waiting or running at once; the next one is refused until one has ended. */
  readonly maxQueued: number;
  /** Of one caller, those being received counted too. */
  readonly maxPerCaller: number;
  /** How long an idempotency key is remembered: milliseconds. */
  readonly idempotencyTtlMs: number;
}

export interface WebSocketConfig {
  readonly heartbeatMs: number;
  readonly maxPayloadBytes: number;
  readonly maxConnections: number;
  /** A client that takes nothing of what waits for it is closed after this long. */
  readonly stallLimitMs: number;
}

/** Where the instances hear of each other sooner. */
export interface RedisConfig {
  /** With the password. */
  readonly url: Secret;
  /** Before every key and channel. */
  readonly prefix: string;
}

/** The configuration cannot be used. Lists every bad setting by name, never its value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(
      [
        'Pulsewatch cannot start: the configuration is not valid.',
        ...problems.map((line) => `  - ${line}`),
      ].join('\n'),
    );
  }
}

/** Everything that can be set, validated and frozen. The class is the injection token. */
export abstract class Config {
  abstract readonly host: string;
  abstract readonly port: number;
  /** A connection that has not sent the head of a request is cut off after this long. */
  abstract readonly headTimeoutMs: number;
  abstract readonly logLevel: LogLevel;
  abstract readonly logPretty: boolean;
  /** Where spool files, and the embedded store, live. */
  abstract readonly dataDir: string;
  abstract readonly storage: StorageConfig;
  abstract readonly instrument: Instrument;
  abstract readonly rules: Rules;
  /** Milliseconds between full evaluations; 0: none. */
  abstract readonly evaluateEveryMs: number;
  /** Departments with fewer respondents are not shown; 1: all are. */
  abstract readonly minGroupSize: number;
  /** IANA name of the zone of the times in alerts. */
  abstract readonly alertTimezone: string;
  /** Milliseconds between looks for events that other processes appended. */
  abstract readonly alertPollMs: number;
  /** How long the alert log keeps an event after it happened. */
  abstract readonly alertRetentionMs: number;
  /** How long the audit log keeps a line. */
  abstract readonly auditRetentionMs: number;
  /** How long a survey response is kept after it was submitted; absent: for good. */
  abstract readonly responseRetentionMs?: number;
  abstract readonly upload: UploadLimits;
  abstract readonly webSocket: WebSocketConfig;
  abstract readonly security: SecurityConfig;
  /** Absent: each instance counts alone, and looks at the store for news. */
  abstract readonly redis?: RedisConfig;
  /** Absent: nothing is sent to channels. */
  abstract readonly channels?: ChannelsConfig;
  /** Where people reach the live page; absent: at the address that the server listens on. */
  abstract readonly publicUrl?: string;
}
