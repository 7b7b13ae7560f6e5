import type { Page } from './entity.store.js';
import type { UploadRecord } from '../domain/upload.js';

/** Uploads and their reports, in `Pulsewatch_Uploads`. Ids sort by the time of upload. Throws StorageError. */
export abstract class UploadStore {
  /** Keeps the whole record, replacing the one with its id. One process writes an upload at a time. */
  abstract put(upload: UploadRecord): Promise<void>;

  /** One upload, or undefined when there is none. Sees every put acknowledged before. */
  abstract get(id: string): Promise<UploadRecord | undefined>;

  /** Uploads, newest first, from after `after` (a `next`). */
  abstract list(query: { limit: number; after?: string }): Promise<Page<UploadRecord>>;

  /** Removes an upload's record. Removing an absent one does nothing. */
  abstract delete(id: string): Promise<void>;
}
