import type { Metrics, Rates } from '../surveys/scores.js';

/**
 * Folds a department name: two spellings with the same result are one department. Applies NFKC, removes invisible characters
 * (soft hyphens, zero-width and direction characters), trims, replaces runs of white space by one space, and lowers the
 * letter case.
 */
export function foldDepartmentName(name: string): string {
  const seen = name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return seen.trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** The maximum number of characters of a name in an id. */
const SLUG_LENGTH = 100;

/**
 * The id of a department that a survey or a roster names first: `dept-<slug>`. Letters and digits of any script stay, Latin
 * accents are removed, all other characters become `-`. Different names can have the same slug; `attempt` (from 1) makes the
 * ids different: `dept-r-d`, `dept-r-d-2`.
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

/** A department and the roll-up of its employees. */
export interface Department {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly metrics: Metrics;
  /** The mean engagement rate, 0–100, in an attribute of its own, which other tools can edit. */
  readonly engagementScore?: number;
  /** The number of employees with scores; absent while the scores are withheld. */
  readonly respondents?: number;
  /** True while its scores are withheld: the department is too small, or would disclose one that is. It has no scores then. */
  readonly withheld?: boolean;
  /** The minimum group size at its roll-up; absent: 1, or the department was never rolled up. */
  readonly minGroupSize?: number;
  /**
   * Absent while unknown. Other tools can write it in any letter case, or with a word that Pulsewatch does not know: use
   * {@link isCritical}.
   */
  readonly overallRisk?: string;
  /** ISO-8601, UTC. */
  readonly metricsUpdatedAt?: string;
  /** Grows with every roll-up, so that no instance overwrites the roll-up of another one. */
  readonly metricsRevision?: number;
}

/** The bounds of contract section 4. One rate strictly beyond its bound is enough. */
const BOUNDS = {
  critical: { engagementBelow: 55, stressAbove: 50, attritionAbove: 50 },
  warning: { engagementBelow: 65, stressAbove: 35, attritionAbove: 35 },
} as const;

/** The risk of the mean rates of a department; undefined without any rate, because unknown is not healthy. */
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

/** Whether a risk is critical, in any letter case. */
export function isCritical(risk: string): boolean {
  return risk.trim().toLowerCase() === 'critical';
}
