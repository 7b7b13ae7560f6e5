import type { Storage } from '../../../src/storage/ports/storage.js';

/** Opens a storage that is empty and nobody else's. */
export type OpenStorage = () => Promise<Storage>;
