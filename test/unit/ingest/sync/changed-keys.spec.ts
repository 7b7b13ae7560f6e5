import { describe, expect, it } from '@jest/globals';
import { MAX_CHANGED_KEYS } from '../../../../src/platform/events/event-map.js';
import { ChangedKeyCollector } from '../../../../src/ingest/sync/employee-writer.js';

function collector(keys: number): ChangedKeyCollector {
  const changed = new ChangedKeyCollector();
  for (let key = 0; key < keys; key += 1) changed.add(`E${key}`);
  return changed;
}

describe('ChangedKeyCollector', () => {
  it('names each key once', () => {
    const changed = collector(2);
    changed.add('E0');
    expect(changed.collected).toEqual(['E0', 'E1']);
  });

  it('names as many as the bound, and says "many" from the next different one on', () => {
    const changed = collector(MAX_CHANGED_KEYS);
    changed.add('E0');
    expect(changed.collected).toHaveLength(MAX_CHANGED_KEYS);
    changed.add('another');
    expect(changed.collected).toBe('many');
  });
});
