import type { ImportReady } from '../events/domain-event-map.js';
import type { ValidatedFile } from './import-file.js';

/** How far the first pass over the file is of the whole, in per cent. */
const VALIDATED = 25;

/** The rows of a validated file, telling how far the passes over it are; a survey is read twice, a roster once. */
export function withProgress(
  { ready, verdicts }: ValidatedFile,
  report: (percent: number) => void,
): ImportReady {
  const passes = ready.kind === 'survey' ? 2 : 1;
  const total = verdicts.counts.valid * passes;
  let done = 0;
  const watch = async function* <Row>(
    batches: AsyncIterable<readonly Row[]>,
  ): AsyncGenerator<readonly Row[]> {
    for await (const batch of batches) {
      yield batch;
      done += batch.length;
      report(Math.min(99, Math.floor(VALIDATED + ((100 - VALIDATED) * done) / total)));
    }
  };
  switch (ready.kind) {
    case 'survey':
      return { ...ready, batches: () => watch(ready.batches()) };
    case 'employees':
      return { ...ready, batches: () => watch(ready.batches()) };
    case 'departments':
      return { ...ready, batches: () => watch(ready.batches()) };
  }
}
