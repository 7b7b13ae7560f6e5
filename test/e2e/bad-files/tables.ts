import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SurveyResponseStore } from '../../../src/storage/ports/survey-response.store.js';
import type { TestApp } from '../../support/app/app.js';
import { eventually } from '../../support/app/eventually.js';
import type { Company, Row } from './bad-file.js';

interface List<Item = Row> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly position?: string;
}

interface AlertMessage {
  readonly type: string;
  readonly data: Row;
}

/** What tables hold that are wiped. */
export const NOTHING: Required<Company> = { responses: [], employees: [], departments: [] };

/** Looks at everything that an upload could have written. */
export class Tables {
  constructor(
    private readonly app: TestApp,
    private readonly dataDir: string,
  ) {}

  /** Every row of the three tables, by id. Responses have no address of their own and come from their store. */
  async read(): Promise<Required<Company>> {
    const [employees, departments, responses] = await Promise.all([
      this.all('/employees'),
      this.all('/departments'),
      this.responses(),
    ]);
    return {
      responses: byId(responses, 'responseId'),
      employees: byId(employees, 'employee_id'),
      departments: byId(departments, 'department_id'),
    };
  }

  /** The id of the newest message of the alert log. */
  async alertPosition(): Promise<string> {
    return (await this.app.json<List>('GET', '/alerts/active?limit=1')).position ?? '';
  }

  /** Type and entity of every message after a position, sorted. */
  async alertsAfter(position: string): Promise<string[]> {
    const { items } = await this.app.json<List<AlertMessage>>('GET', `/alerts?after=${position}&limit=500`);
    return items.map(nameOf).sort();
  }

  /** The newest upload that is known. */
  async newestUpload(): Promise<unknown> {
    return (await this.app.json<List>('GET', '/uploads?limit=1')).items[0]?.task_id;
  }

  /** The files of the server, but for the spool: nothing is ever written beside what it has. */
  async files(): Promise<string[]> {
    return (await readdir(this.dataDir)).sort();
  }

  /** What stays in the spool; an answer may come just before the file is gone. */
  async spooled(): Promise<string[]> {
    return eventually(
      () => readdir(join(this.dataDir, 'spool')),
      (names) => names.length === 0,
    );
  }

  private async all(path: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: List = await this.app.json<List>(
        'GET',
        `${path}?limit=500${cursor && `&cursor=${cursor}`}`,
      );
      rows.push(...page.items);
      cursor = page.next_cursor;
    }
    return rows;
  }

  private async responses(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of this.app.nest.get(SurveyResponseStore).scan())
      rows.push(...page.map((response) => ({ ...response })));
    return rows;
  }
}

/** Rows in the order of an id. */
export function byId(rows: readonly Row[], id: string): Row[] {
  return [...rows].sort((a, b) => (String(a[id]) < String(b[id]) ? -1 : 1));
}

function nameOf({ type, data: { alert, employee_id, department_id } }: AlertMessage): string {
  const cleared = type === 'alert_cleared' ? `cleared ${String(alert)}` : type;
  return `${cleared} ${String(employee_id ?? department_id)}`;
}
