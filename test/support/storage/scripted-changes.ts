import {
  ChangeReader,
  ChangesUnavailable,
  TableChanges,
  type ChangeBatch,
  type ChangeOrigin,
  type TableChange,
} from '../../../src/storage/ports/change-stream.js';
import { answerOrFail } from '../app/scripted-failure.js';

/** An employee's change: of the stress rate, unless a division is given. */
export function employeeChange(
  id: string,
  origin: ChangeOrigin,
  to: { division?: string; stress?: number },
): TableChange {
  const { division = 'Sales', stress = 10 } = to;
  const of = (name: string, stress_rate: number) => ({
    employeeId: id,
    attributes: { division: name },
    metrics: { dimensions: {}, rates: { stress_rate } },
  });
  return { table: 'Employees', id, origin, at: 0, before: of('Sales', 10), after: of(division, stress) };
}

/** A department's change. */
export function departmentChange(id: string, origin: ChangeOrigin): TableChange {
  return { table: 'Departments', id, origin, at: 0 };
}

/** A store that tells the changes of a script: a position is how many batches were read. */
export class ScriptedChanges extends TableChanges {
  /** What the next call throws. */
  failure: Error | undefined;
  reason: string | undefined;
  private readonly batches: Pick<ChangeBatch, 'changes' | 'isGap'>[] = [];

  /** Has somebody change something. */
  tell(...changes: TableChange[]): void {
    this.batches.push({ changes, isGap: false });
  }

  /** Has something be lost. */
  lose(): void {
    this.batches.push({ changes: [], isGap: true });
  }

  open(position = '0'): Promise<ChangeReader | ChangesUnavailable> {
    return answerOrFail(this, () =>
      this.reason === undefined
        ? new ScriptedReader(this, Number(position))
        : new ChangesUnavailable(this.reason),
    );
  }

  read(at: number): Promise<ChangeBatch> {
    return answerOrFail(this, () => {
      const batch = this.batches[at] ?? { changes: [], isGap: false };
      const position = Math.min(at + 1, this.batches.length);
      return { ...batch, position: String(position), isMore: position < this.batches.length };
    });
  }
}

class ScriptedReader extends ChangeReader {
  constructor(
    private readonly script: ScriptedChanges,
    private at: number,
  ) {
    super();
  }

  async next(): Promise<ChangeBatch> {
    const batch = await this.script.read(this.at);
    this.at = Number(batch.position);
    return batch;
  }
}
