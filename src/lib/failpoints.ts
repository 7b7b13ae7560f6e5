/** The points at which a test can kill the process as `kill -9` does: each between two steps that may be separated. */
export const FAILPOINTS = [
  'upload.keyed',
  'upload.spooled',
  'upload.accepted',
  'upload.validated',
  'upload.imported',
  'upload.recorded',
  'sync.responses_written',
  'sync.employees_batch',
  'sync.employees_written',
  'sync.department_written',
  'sync.departments_written',
  'edit.written',
  'edits.rolled_up',
  'undo.responses_deleted',
  'undo.employees_withdrawn',
  'undo.employees_written',
  'erasure.begun',
  'erasure.responses_written',
  'erasure.employee_written',
  'erasure.log_rewritten',
  'erasure.reports_written',
  'log.appended',
  'log.partly_appended',
  'log.checkpointed',
  'log.trimmed',
  'feed.partly_sent',
  'channel.prepared',
  'channel.sent',
  'channel.dead_lettered',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

let armed: { readonly name: string; passes: number } | undefined;

/**
 * Arms one failpoint: `name`, or `name:n` for the n-th time that it is reached. For tests of what survives a crash;
 * `undefined` or an empty text arms none. Throws when no point has this name.
 */
export function armFailpoint(setting: string | undefined): void {
  armed = undefined;
  if (setting === undefined || setting === '') return;
  const [name = '', passes = '1'] = setting.split(':');
  if (!FAILPOINTS.some((point) => point === name)) throw new Error(`There is no failpoint ${name}`);
  armed = { name, passes: Number(passes) };
}

/** Kills the process at once, without any clean-up, when this point is armed and is reached for the n-th time. */
export function failpoint(name: Failpoint): void {
  if (armed?.name !== name) return;
  armed.passes -= 1;
  if (armed.passes === 0) process.kill(process.pid, 'SIGKILL');
}
