import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { inProject } from '../support/project.js';
import { eventually } from '../support/app/eventually.js';
import { Random } from '../support/generators/random.js';
import { randomSurvey, surveyCsv } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

type Item = Readonly<Record<string, unknown>> & { readonly dimensions: Readonly<Record<string, number>> };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const all = async (path: string) => (await app.json<{ items: Item[] }>('GET', `${path}?limit=500`)).items;
const RATES = ['stress_rate', 'engagement_rate', 'attrition_rate'];
const scoresOf = (item: Item): string[] => [
  ...Object.keys(item.dimensions),
  ...RATES.filter((rate) => item[rate] !== null),
];

/** Whoever knows what the whole company comes to must not find a group of fewer than `min` that is not shown. */
async function expectNothingToSubtract(min: number): Promise<void> {
  const departments = await all('/departments');
  const people = (await all('/employees')).filter((person) => scoresOf(person).length > 0);
  const membersOf = ({ department_name }: Item) =>
    people.filter(({ department }) => String(department) === department_name);
  for (const score of new Set(people.flatMap(scoresOf))) {
    const measured = departments.map((row) => ({
      size: membersOf(row).filter((person) => scoresOf(person).includes(score)).length,
      isShown: scoresOf(row).includes(score),
    }));
    const counted = measured.filter(({ size }) => size > 0);
    const hidden = counted.filter(({ isShown }) => !isShown);
    const together = hidden.reduce((sum, { size }) => sum + size, 0);
    expect(counted.filter(({ size, isShown }) => isShown && size < min)).toEqual([]);
    if (hidden.length === 0 || hidden.length === counted.length) continue;
    expect({ score, hidden: hidden.length > 1 && together >= min }).toEqual({ score, hidden: true });
  }
}

describe('small groups', () => {
  it.each(inProject({ short: [1], long: [2, 3] }))(
    'cannot be told from what is shown, after any upload or undo (seed %i)',
    async (seed) => {
      const random = new Random(seed);
      const min = random.whole(3, 6);
      app = await TestApp.start({ DATA_DIR: folder.path, MIN_GROUP_SIZE: String(min) });
      const uploads: string[] = [];
      const states = new Set<string>();
      for (let round = 0; round < 12; round += 1) {
        const undone = random.next() < 0.25 ? uploads.pop() : undefined;
        if (undone === undefined) {
          const rows = randomSurvey(random, random.whole(1, 20), 5).map((row, n) => ({
            ...row,
            employeeId: `${row.employeeId}-${random.whole(0, 2)}`,
            date: `2025-${String(round + 1).padStart(2, '0')}-${String(n + 1).padStart(2, '0')}`,
            // Half of the people leave a question out that need not be answered.
            answers: row.answers.map((answer, q) => (q === 7 && random.next() < 0.5 ? null : answer)),
          }));
          uploads.push((await app.upload(surveyCsv(rows))).task_id);
        } else {
          await app.request(`/api/v1/uploads/${undone}/undo`, { method: 'POST' });
          const path = `/upload/status/${undone}`;
          const ended = await eventually(
            () => app.json<{ undone_at: string | null }>('GET', path),
            ({ undone_at }) => undone_at !== null,
          );
          expect(ended.undone_at).not.toBeNull();
        }
        await expectNothingToSubtract(min);
        const departments = await all('/departments');
        for (const { scores_withheld } of departments) states.add(String(scores_withheld));
        // Whatever the file named, the departments are as if all had been computed.
        expect(await app.json('POST', '/sync')).toMatchObject({ departments_changed: 0 });
      }
      expect([...states].sort()).toEqual(['false', 'true']);
    },
  );
});
