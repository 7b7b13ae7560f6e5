import { MAX_CHANGED_KEYS, type ChangedKeys } from '../platform/events/event-map.js';

/** Collects the keys that a sync changed, up to the number above which they are not named. */
export class ChangedKeyCollector {
  private readonly keys = new Set<string>();
  private overflowed = false;

  add(key: string): void {
    if (this.keys.size < MAX_CHANGED_KEYS) this.keys.add(key);
    else if (!this.keys.has(key)) this.overflowed = true;
  }

  /** The keys so far. */
  get collected(): ChangedKeys {
    return this.overflowed ? 'many' : [...this.keys];
  }
}

/** The keys of both. */
export function allKeys(some: ChangedKeys, others: ChangedKeys): ChangedKeys {
  return some === 'many' || others === 'many' ? 'many' : [...new Set([...some, ...others])];
}
