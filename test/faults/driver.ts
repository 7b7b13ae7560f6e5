import { Caller, LostAnswer } from './caller.js';
import type { PlannedStep } from './scenario.js';
import type { ServerLives } from './server-lives.js';
import { csvOf, describeStep, rowsOf, type Step, type UploadStep } from './step.js';

interface Status {
  readonly task_id: string;
  readonly status: string;
  readonly code: string | null;
  readonly result: {
    readonly rows_read: number;
    readonly rows_rejected: number;
    readonly alerts_raised: number;
    readonly alerts_cleared: number;
  } | null;
}

/** How far a step has come, over its attempts. */
interface Started {
  /** The upload that was accepted. */
  task: string;
  isSent: boolean;
}

/** Does the steps of a scenario one after the other, each of them again until its answer is known. */
export class Driver {
  /** What the server answered that it must not answer. */
  readonly problems: string[] = [];
  /** What is being done, for the report of a failure. */
  doing = 'nothing yet';
  /** The uploads that were answered 202, and how each must end. */
  private readonly accepted = new Map<string, 'completed' | 'failed'>();

  constructor(
    private readonly lives: ServerLives,
    /** Is called whenever the log may have grown. */
    private readonly onProgress: () => void,
  ) {}

  async run(steps: readonly PlannedStep[]): Promise<void> {
    for (const [index, planned] of steps.entries()) {
      await this.perform(planned, `step ${index + 1} of ${steps.length}: ${describeStep(planned.step)}`);
      await this.lives.stepDone();
    }
  }

  /** Resolves when no upload is unfinished; whoever accepted one has to finish it, after a crash as well. */
  async settle(caller: Caller): Promise<void> {
    for (;;) {
      const uploads = await caller.all<Status>('/uploads', 100);
      if (uploads.every(({ result }) => result !== null)) return;
      this.onProgress();
    }
  }

  /** Compares how the accepted uploads ended with how they must. */
  async checkUploads(caller: Caller): Promise<void> {
    for (const [id, expected] of this.accepted) {
      const { status, code } = await caller.json<Status>('GET', `/upload/status/${id}`);
      if (status !== expected)
        this.problems.push(`The upload ${id} is ${status} (${code}) instead of ${expected}`);
    }
  }

  private async perform({ step, events }: PlannedStep, title: string): Promise<void> {
    const started = { task: '', isSent: false };
    const before = this.lives.figures.starts;
    for (let attempt = 1; ; attempt += 1) {
      const caller = new Caller(this.lives, await this.lives.running());
      this.doing = `${title}, attempt ${attempt}`;
      this.lives.stepBegins();
      try {
        await this.settle(caller);
        const counted = await this.act(step, caller, started);
        this.onProgress();
        // Right after a start its own evaluation may be first.
        if (attempt > 1 || this.lives.figures.starts !== before || counted === undefined) return;
        if (counted !== events) this.problems.push(`${title} counted ${counted} alerts instead of ${events}`);
        return;
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw new Error(`In ${this.doing}`, { cause: error });
      }
    }
  }

  /** Answers how many alerts the server says it raised and cleared, where it says so. */
  private async act(step: Step, caller: Caller, started: Started): Promise<number | undefined> {
    switch (step.kind) {
      case 'survey':
      case 'roster':
      case 'departments':
      case 'broken':
        return this.upload(step, caller, started);
      case 'patch_employee': {
        const { department, name } = step.facts;
        const body = { ...ratesOf(step.rates), department, name };
        await caller.json('PATCH', `/employees/${step.id}`, body);
        return undefined;
      }
      case 'patch_department': {
        if (!started.isSent && this.lives.isFresh) await this.calm(caller);
        started.isSent = true;
        const body = { ...ratesOf(step.rates), overall_risk: step.risk };
        await caller.json('PATCH', `/departments/${step.id}`, body);
        return undefined;
      }
      case 'recompute':
        await caller.json('POST', '/sync');
        return undefined;
      case 'evaluate':
        await caller.json('POST', '/risk/evaluate');
        return undefined;
    }
  }

  /**
   * After a crash the server computes the departments again in the background; whoever edits one of them meanwhile may
   * lose the edit. Twice, because the first request may be ahead of what the server has yet to begin.
   */
  private async calm(caller: Caller): Promise<void> {
    await caller.json('POST', '/sync');
    await caller.json('POST', '/sync');
  }

  private async upload(step: UploadStep, caller: Caller, started: Started): Promise<number> {
    if (started.task === '') {
      started.task = await caller.upload(csvOf(step));
      this.accepted.set(started.task, step.kind === 'broken' ? 'failed' : 'completed');
    }
    for (;;) {
      const { status, code, result } = await caller.json<Status>('GET', `/upload/status/${started.task}`);
      if (result === null) continue;
      const said = { status, code, read: result.rows_read, rejected: result.rows_rejected };
      const expected = { ...outcomeOf(step), ...rowsOf(step) };
      if (JSON.stringify(said) !== JSON.stringify(expected))
        this.problems.push(`${this.doing}: ${JSON.stringify(said)} instead of ${JSON.stringify(expected)}`);
      return result.alerts_raised + result.alerts_cleared;
    }
  }
}

function outcomeOf(step: UploadStep): Pick<Status, 'status' | 'code'> {
  return step.kind === 'broken' ? { status: 'failed', code: step.code } : { status: 'completed', code: null };
}

function ratesOf(rates: Readonly<Record<string, number | null>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(rates).map(([name, value]) => [`${name}_rate`, value]));
}
