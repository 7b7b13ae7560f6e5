import type { Page } from './entity.store.js';
import type { UploadRecord } from '../../domain/uploads/upload.js';

/** Uploads and their reports, in `Pulsewatch_Uploads`. Ids sort by the time of upload. Throws StorageError. */
export abstract class UploadStore {
  /**
   * Writes the whole record on top of the stored one whose revision is one less, atomically; a record with the revision
   * 1 needs an id that is free. Resolves to true once it is durable, and to false, with nothing written, when another
   * writer was first. Idempotent: putting the record that is stored already resolves to true.
   */
  abstract put(upload: UploadRecord): Promise<boolean>;

  /** One upload, or undefined when there is none. Sees every put acknowledged before. */
  abstract get(id: string): Promise<UploadRecord | undefined>;

  /** Uploads, newest first, from after `after` (a `next`). Sees every put acknowledged before. */
  abstract list(query: { limit: number; after?: string }): Promise<Page<UploadRecord>>;

  /** Removes an upload's record. Removing an absent one does nothing. */
  abstract delete(id: string): Promise<void>;
}
