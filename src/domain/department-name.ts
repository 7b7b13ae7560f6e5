/**
 * The key under which two spellings are one department: Unicode-normalised, without what is not to be seen (soft hyphens,
 * zero-width and direction characters), trimmed, runs of white space as one space, letter case ignored.
 */
export function foldDepartmentName(name: string): string {
  const seen = name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return seen.trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** How many characters of a name go into its id. */
const SLUG_LENGTH = 100;

/**
 * The id of a department that was first named in a survey or a roster: `dept-<slug>`. Letters and digits of any
 * script stay, Latin accents go, everything else becomes `-`. Different names can have the same slug; `attempt`
 * (from 1) tells them apart: `dept-r-d`, `dept-r-d-2`.
 */
export function departmentIdOf(name: string, attempt = 1): string {
  const slug = foldDepartmentName(name)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const stem = Array.from(slug).slice(0, SLUG_LENGTH).join('') || 'unnamed';
  return attempt === 1 ? `dept-${stem}` : `dept-${stem}-${attempt}`;
}
