import { Injectable } from '@nestjs/common';
import { StorageMeter, type StorageCall } from '../../storage/ports/storage-meter.js';
import { Metrics } from './metrics.js';

/** Counts the calls to DynamoDB, and what they cost. */
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
