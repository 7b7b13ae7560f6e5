import type { Page } from './entity.store.js';
import type { UploadRecord } from '../../domain/uploads/upload.js';

/** Uploads and their reports, in `Pulsewatch_Uploads`. Ids sort by the time of upload. Throws StorageError. */
export abstract class UploadStore {
  /**
   * Keeps the whole record if it is the next one: its revision is 1 and there is none with its id, or one more than that
   * of the stored one. Resolves to true once it is durable; to false, with nothing written, when somebody else was
   * first. Putting what is stored already is a success.
   */
  abstract put(upload: UploadRecord): Promise<boolean>;

  /** One upload, or undefined when there is none. Sees every put acknowledged before. */
  abstract get(id: string): Promise<UploadRecord | undefined>;

  /** Uploads, newest first, from after `after` (a `next`). Sees every put acknowledged before. */
  abstract list(query: { limit: number; after?: string }): Promise<Page<UploadRecord>>;

  /** Removes an upload's record. Removing an absent one does nothing. */
  abstract delete(id: string): Promise<void>;
}
