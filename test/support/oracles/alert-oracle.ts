import type { CompanyOracle, Person, Unit } from './company-oracle.js';

/** The bound of the built-in stress rule. */
const STRESS_THRESHOLD = 40;

/** One message that the log must hold, without its id and time. `data` of a clear lacks `raised_id`. */
export interface ExpectedAlert {
  readonly type: 'employee_stress' | 'department_critical' | 'alert_cleared';
  readonly data: Readonly<Record<string, unknown>>;
}

/** Contract section 6 calculated a second time: what is raised and cleared, entity by entity, as the tables change. */
export class AlertOracle {
  /** By `employee/<id>` or `department/<id>`, in the order in which it must happen. */
  readonly history = new Map<string, ExpectedAlert[]>();
  /** What fires, by the same keys. */
  readonly firing = new Map<string, ExpectedAlert>();

  /** Compares the tables as they are with what fires. */
  evaluate({ people, units }: Pick<CompanyOracle, 'people' | 'units'>): void {
    for (const person of people.values()) this.judgePerson(person);
    const ids = new Set<string>();
    for (const unit of units.values()) {
      ids.add(`department/${unit.id}`);
      this.judgeUnit(unit);
    }
    for (const key of this.firing.keys()) {
      if (key.startsWith('department/') && !ids.has(key)) this.clear(key, { overall_risk: null }, 'deleted');
    }
  }

  private judgePerson({ id, facts, rates: { stress, engagement, attrition } }: Person): void {
    const key = `employee/${id}`;
    if (stress === undefined || stress > STRESS_THRESHOLD === this.firing.has(key)) return;
    if (stress <= STRESS_THRESHOLD) {
      this.clear(key, { stress_rate: stress }, 'recovered');
      return;
    }
    this.raise(key, 'employee_stress', {
      employee_id: id,
      employee_name: facts.name ?? 'Unknown',
      department: facts.department ?? 'Unknown',
      position: facts.position ?? 'Unknown',
      stress_rate: stress,
      engagement_rate: engagement ?? null,
      attrition_rate: attrition ?? null,
    });
  }

  private judgeUnit({ id, name, risk, rates }: Unit): void {
    const key = `department/${id}`;
    if (risk === undefined || (risk === 'critical') === this.firing.has(key)) return;
    if (risk !== 'critical') {
      this.clear(key, { overall_risk: risk }, 'recovered');
      return;
    }
    this.raise(key, 'department_critical', {
      department_id: id,
      department_name: name,
      overall_risk: 'critical',
      engagement_score: rates.engagement ?? null,
    });
  }

  private raise(key: string, type: ExpectedAlert['type'], data: ExpectedAlert['data']): void {
    const alert = { type, data };
    this.firing.set(key, alert);
    this.remember(key, alert);
  }

  private clear(key: string, measured: ExpectedAlert['data'], reason: string): void {
    const alert = this.firing.get(key);
    const { employee_id, department_id } = alert?.data ?? {};
    const entity = employee_id === undefined ? { department_id } : { employee_id };
    this.firing.delete(key);
    this.remember(key, {
      type: 'alert_cleared',
      data: { alert: alert?.type, ...entity, ...measured, reason },
    });
  }

  private remember(key: string, alert: ExpectedAlert): void {
    this.history.set(key, [...(this.history.get(key) ?? []), alert]);
  }
}
