import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { StorageMeter, type StorageCall } from '../../storage/ports/storage-meter.js';

/** Seconds: a flush in the same process takes about one millisecond, a poll of another instance a quarter second. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from a connection that never worked to one of a whole day. */
const DURATION_BUCKETS = [1, 5, 30, 60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400];

/**
 * Every metric of the product, in the text format of Prometheus. Label values come from short fixed lists, never from ids,
 * names or other personal data.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly scrapeListeners: (() => void)[] = [];

  readonly connections = this.gauge('connections_active', 'Connected subscribers', ['channel']);
  readonly connectionDuration = new Histogram({
    name: 'pulsewatch_connection_duration_seconds',
    help: 'Duration of subscriber connections, observed when they end',
    labelNames: ['channel'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly connectionErrors = this.counter(
    'connection_errors_total',
    'Connections of subscribers that were refused or broke, by reason',
    ['channel', 'reason'],
  );
  readonly alertsRaised = this.counter('alerts_raised_total', 'Alerts that this process raised', ['type']);
  readonly alertsCleared = this.counter('alerts_cleared_total', 'Alerts that this process cleared', ['type']);
  readonly alertsSent = this.counter(
    'alerts_sent_total',
    'Messages about alerts that were written to readers',
    ['type', 'channel'],
  );
  readonly appendToSocket = new Histogram({
    name: 'pulsewatch_append_to_socket_seconds',
    help: 'From the decision of an alert to its write to a live subscriber; the oldest alert of each write counts',
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });
  readonly replays = this.counter('replays_total', 'Subscribers that came back with an id, by outcome', [
    'outcome',
  ]);
  readonly uploads = this.counter('uploads_total', 'Uploads that ended, by outcome', ['outcome']);
  readonly uploadRows = this.counter('upload_rows_total', 'Rows of uploads that ended, by outcome', [
    'outcome',
  ]);
  readonly departmentDrift = this.counter(
    'department_drift_total',
    'Departments whose materialized totals differed from their employees, because another tool had edited these',
    [],
  );
  readonly tableChanges = this.counter(
    'table_changes_total',
    'Changes of employees and departments that this process read from streams, by origin',
    ['origin'],
  );
  readonly tableChangesLag = this.gauge(
    'table_changes_lag_seconds',
    'From the newest handled change to its evaluation; 0 where no change waits',
    [],
  );
  readonly auditDropped = this.counter(
    'audit_dropped_total',
    'Lines of the audit log that were dropped, because too many waited or the server stopped',
    [],
  );
  readonly logHead = this.gauge('alert_log_head', 'The id of the newest alert that this process knows', []);
  readonly readerLag = this.gauge(
    'alert_reader_lag_events',
    'How many events the slowest subscriber is behind the head of the alert log',
    ['channel'],
  );

  readonly notifications = this.counter(
    'notifications_total',
    'Attempts at messages to the receivers of the channels file, by outcome',
    ['receiver', 'kind', 'outcome'],
  );
  readonly deadLetters = this.counter(
    'dead_letters_total',
    'Messages that became dead letters, which are sent again only on request',
    ['receiver', 'kind'],
  );
  readonly suppressedEvents = this.counter(
    'suppressed_events_total',
    'Events that passed their retention before a receiver could be notified of them',
    ['receiver', 'kind'],
  );
  readonly channelLag = this.gauge(
    'channel_lag_events',
    'How many events a receiver is behind the head of the alert log',
    ['receiver', 'kind'],
  );

  readonly dynamoCalls = this.counter('dynamodb_calls_total', 'Calls to DynamoDB that ended, by outcome', [
    'operation',
    'table',
    'outcome',
  ]);
  readonly dynamoCapacity = this.counter(
    'dynamodb_capacity_units_total',
    'Request units that DynamoDB says it charged',
    ['operation', 'table', 'kind'],
  );
  readonly dynamoRetries = this.counter(
    'dynamodb_retries_total',
    'Calls that were repeated, because DynamoDB throttled them or did not answer',
    ['operation', 'table'],
  );
  readonly dynamoDuration = new Histogram({
    name: 'pulsewatch_dynamodb_call_duration_seconds',
    help: 'Duration of calls to DynamoDB, repetitions included',
    labelNames: ['operation'],
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });

  readonly redisUp = this.gauge('redis_up', '1 while Redis answers, else 0', ['connection']);
  readonly redisFailures = this.counter(
    'redis_failures_total',
    'Calls to Redis that failed or were skipped, by use; the process went on without them',
    ['use'],
  );
  readonly headHints = this.counter(
    'head_hints_total',
    'Hints between instances that the alert log has grown',
    ['direction'],
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Calls `listener` before each scrape, to set gauges. It must not throw. */
  beforeScrape(listener: () => void): void {
    this.scrapeListeners.push(listener);
  }

  /** The content type of {@link scrape}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics as text. */
  scrape(): Promise<string> {
    for (const listener of this.scrapeListeners) listener();
    return this.registry.metrics();
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `pulsewatch_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name: `pulsewatch_${name}`, help, labelNames, registers: [this.registry] });
  }
}

/** Counts the calls to DynamoDB and the capacity that they consume. */
@Injectable()
export class StorageMetrics extends StorageMeter {
  constructor(private readonly metrics: Metrics) {
    super();
  }

  called({ operation, table, outcome, seconds, attempts, readUnits, writeUnits }: StorageCall): void {
    this.metrics.dynamoCalls.inc({ operation, table, outcome });
    this.metrics.dynamoDuration.observe({ operation }, seconds);
    if (attempts > 1) this.metrics.dynamoRetries.inc({ operation, table }, attempts - 1);
    if (readUnits > 0) this.metrics.dynamoCapacity.inc({ operation, table, kind: 'read' }, readUnits);
    if (writeUnits > 0) this.metrics.dynamoCapacity.inc({ operation, table, kind: 'write' }, writeUnits);
  }
}
