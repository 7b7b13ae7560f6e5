import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import type { TablesPreviewed } from '../../platform/events/event-map.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { AlertDiff, departmentSubjects, employeeSubjects } from './alert-diff.js';

/** Tells what an evaluation would decide of tables that nobody has written, and appends nothing. */
@Injectable()
export class RiskDryRun implements OnModuleInit {
  private readonly judgement: AlertDiff;

  constructor(
    private readonly log: AlertLog,
    private readonly events: DomainEvents,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
    clock: Clock,
  ) {
    this.judgement = new AlertDiff(log, clock);
  }

  onModuleInit(): void {
    this.events.listen('tables.previewed', (tables) => this.preview(tables));
  }

  private async preview({ employees, departments, decided }: TablesPreviewed): Promise<void> {
    const { rules } = this.config;
    await this.log.refresh();
    const watched = [
      { subjects: employeeSubjects(employees.table, rules), keys: employees.keys },
      { subjects: departmentSubjects(departments.table, rules), keys: departments.keys },
    ];
    for (const { subjects, keys } of watched) {
      for await (const decisions of this.judgement.changed(subjects, keys)) {
        this.lifecycle.halting.throwIfAborted();
        decided(decisions);
      }
    }
  }
}
