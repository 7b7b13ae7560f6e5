import { describe, expect, it } from '@jest/globals';
import { columnUses, mapHeader } from '../../../../src/domain/csv/header.js';

describe('columnUses', () => {
  it('tells fields and questions in the order of the file, under the names of the file', () => {
    const names = ['q03', 'Division', 'extra', ' mployee_id ', 'SUBMISSION DATE', `Q1_${'x'.repeat(100)}`];
    const mapped = mapHeader('survey', names, [1, 3]);
    if ('errors' in mapped) throw new Error(JSON.stringify(mapped.errors));
    expect(columnUses(mapped.map)).toEqual([
      { column: 'q03', field: 'Q3' },
      { column: 'Division', field: 'department' },
      { column: 'mployee_id', field: 'employee_id' },
      { column: 'SUBMISSION DATE', field: 'submission_date' },
      { column: `Q1_${'x'.repeat(77)}`, field: 'Q1' },
    ]);
  });
});
