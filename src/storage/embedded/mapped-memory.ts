import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * Bytes of files that this process has mapped and that are in memory, as `/proc/self/statm` counts them; 0 where there
 * is no such file: then nobody counts them as this process's own.
 */
export function mappedBytes(): number {
  try {
    const [, , shared = '0'] = readFileSync('/proc/self/statm', 'latin1').split(' ');
    return Number(shared) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
