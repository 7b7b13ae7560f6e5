import type { ChangeStreamPosition } from '../../domain/people/stream-position.js';
import { RevisionedRecord } from './revisioned.store.js';

/** Which instance reads the change stream of the tables, and the position up to which it has handled the changes. */
export abstract class StreamPositionStore extends RevisionedRecord<ChangeStreamPosition> {}
