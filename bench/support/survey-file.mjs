// Writes a survey of any size without holding it, the same for the same seed.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * `rows` responses, numbered from `first` on, each of an employee of its own, in 11 departments, with 15 answers and two
 * texts. `more` columns of text (name to value) are the same in each row. Without a share of `stressed`, from 0 to 1, almost half of them are.
 */
export async function writeSurvey(path, rows, { seed = 1, more = {}, stressed, first = 1 } = {}) {
  const random = mulberry32(seed);
  const whole = (min, max) => min + Math.floor(random() * (max - min + 1));
  const out = createWriteStream(path);
  const questions = Array.from({ length: 15 }, (_, index) => `Q${index + 1}_Question`);
  const named = ['employee_id', 'submission_date', 'department', 'location', 'response_id'];
  out.write([...named, ...questions, ...Object.keys(more)].join(',') + '\n');
  const texts = Object.values(more);
  for (let row = first; row < first + rows; row += 1) {
    const mood = stressed === undefined ? whole(2, 5) : random() < stressed ? 2 : whole(4, 5);
    const answers = questions.map(() => Math.min(5, Math.max(1, mood + whole(-1, 1))));
    const date = `2025-${String(whole(1, 9)).padStart(2, '0')}-${String(whole(1, 28)).padStart(2, '0')}`;
    const line = [
      `E${String(row).padStart(8, '0')}`,
      date,
      `Department ${whole(1, 11)}`,
      'Headquarters',
      `response-${row}`,
      ...answers,
      ...texts,
    ];
    if (!out.write(line.join(',') + '\n')) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
