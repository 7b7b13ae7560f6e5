const DATE = /^\d{4}-\d\d-\d\d/;
const DAY_CHARACTERS = 10;

/**
 * Whether what was submitted then is older than a moment (ISO-8601, UTC). A day without a time counts until it is over.
 * What is no date, as other tools may have written it, has no age.
 */
export function isSubmittedBefore(submissionDate: string, moment: string): boolean {
  if (!DATE.test(submissionDate)) return false;
  return submissionDate.length === DAY_CHARACTERS
    ? submissionDate < moment.slice(0, DAY_CHARACTERS)
    : submissionDate < moment;
}
