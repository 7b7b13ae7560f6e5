import type { Metrics, Rates } from '../surveys/scores.js';

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

export const OVERALL_RISKS = ['healthy', 'warning', 'critical'] as const;
export type OverallRisk = (typeof OVERALL_RISKS)[number];

/** A department and the roll-up of the employees now in it. */
export interface Department {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly metrics: Metrics;
  /** The mean engagement rate under its own name, which other tools may edit. */
  readonly engagementScore?: number;
  /** How many employees of the department have metrics; absent while these are withheld. */
  readonly respondents?: number;
  /** True while its scores are not told, because it is too small, or would give away one that is. It has none then. */
  readonly withheld?: boolean;
  /** The fewest respondents that were shown when it was rolled up; absent: 1, or nobody has rolled it up. */
  readonly minGroupSize?: number;
  /**
   * Absent while nothing is known. As other tools wrote it: any letter case, perhaps a word that Pulsewatch does not
   * know; compare with {@link isCritical}.
   */
  readonly overallRisk?: string;
  /** ISO-8601, UTC. */
  readonly metricsUpdatedAt?: string;
  /** Grows with every roll-up; two instances cannot overwrite each other's. */
  readonly metricsRevision?: number;
}

/** The bounds of contract section 4: strictly beyond one of them is enough. */
const BOUNDS = {
  critical: { engagementBelow: 55, stressAbove: 50, attritionAbove: 50 },
  warning: { engagementBelow: 65, stressAbove: 35, attritionAbove: 35 },
} as const;

/** The risk of a department's mean rates; undefined when there is no rate at all, since unknown is not healthy. */
export function overallRisk(rates: Rates): OverallRisk | undefined {
  if (Object.keys(rates).length === 0) return undefined;
  const beyond = ({
    engagementBelow,
    stressAbove,
    attritionAbove,
  }: (typeof BOUNDS)['critical' | 'warning']) =>
    (rates.engagement_rate ?? Infinity) < engagementBelow ||
    (rates.stress_rate ?? -Infinity) > stressAbove ||
    (rates.attrition_rate ?? -Infinity) > attritionAbove;
  if (beyond(BOUNDS.critical)) return 'critical';
  return beyond(BOUNDS.warning) ? 'warning' : 'healthy';
}

/** True when the word means critical, in any letter case. */
export function isCritical(risk: string): boolean {
  return risk.trim().toLowerCase() === 'critical';
}
