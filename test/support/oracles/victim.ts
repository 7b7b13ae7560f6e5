import type { TestApp } from '../app/app.js';
import { SURVEY_HEADER, surveyCsv, uniform, type Answered } from '../generators/survey.js';

/** A person whose data is to go. Each of these texts stands nowhere else. */
export const VICTIM = {
  id: 'V-4711-victim',
  name: 'Vera Victima',
  position: 'Chief Whistle Officer',
  location: 'Atlantis-on-Sea',
} as const;

/** Makes what the tables hold of the person end with what they hold of nobody else. */
const VICTIM_TEXTS: readonly string[] = Object.values(VICTIM);
/** What the audit log tells of: whose data was removed. Nothing else is stored like that. */
const AUDITED = `employees/${VICTIM.id}`;

/** What a text still tells of the person, but for the audit log's lines. */
export function tracesIn(text: string): string[] {
  const others = text.replaceAll(AUDITED, '');
  return VICTIM_TEXTS.filter((wanted) => others.includes(wanted));
}

export const COLLEAGUES: readonly Answered[] = [
  uniform('C1', 1, 'Alpha'),
  uniform('C2', 5, 'Alpha'),
  uniform('C3', 4, 'Beta'),
];
export const VICTIMS: readonly Answered[] = [
  uniform(VICTIM.id, 1, 'Alpha'),
  uniform(VICTIM.id, 2, 'Alpha', '2025-06-01'),
];

/** A survey of the person alone whose rows contradict each other: both are rejected, and the errors tell of whom. */
const CONTRADICTION = [
  SURVEY_HEADER,
  `${VICTIM.id},2025-09-01,Alpha,${'1,'.repeat(14)}1`,
  `${VICTIM.id},2025-09-01,Alpha,${'1,'.repeat(14)}2`,
  `C4,2025-09-01,Beta,${'4,'.repeat(14)}9`,
  `C3,2025-03-01,Beta,${'4,'.repeat(14)}4`,
].join('\n');

/** Uploads everything that can leave something of the person: a roster, surveys, a dry run, a file with errors. */
export async function employVictim(app: TestApp): Promise<void> {
  const { id, name, position, location } = VICTIM;
  await app.upload(
    `Employee_ID,name,position,division,location\n${id},${name},${position},Alpha,${location}\n`,
  );
  await app.upload(surveyCsv([...COLLEAGUES, ...VICTIMS]), { dry_run: 'true' });
  await app.upload(surveyCsv([...COLLEAGUES, ...VICTIMS]));
  await app.upload(CONTRADICTION);
  // Fires, recovers, and fires again.
  await app.upload(surveyCsv([uniform(id, 5, 'Alpha', '2025-07-01')]));
  await app.upload(surveyCsv([uniform(id, 1, 'Alpha', '2025-08-01')]));
}
