import { byId, plural } from './dom.js';
import { followTask, undoImport } from './import-task.js';

/** Adds a button to a report that undoes the import after a confirmation. */
export function addUndo(report, card, { task, name }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Undo';
  button.setAttribute('aria-label', `Undo the import of ${name}`);
  const note = document.createElement('p');
  note.className = 'undo-note';
  note.setAttribute('role', 'alert');
  button.addEventListener('click', async () => {
    if (!(await confirmUndo(name, task.result))) return;
    button.disabled = true;
    note.textContent = '';
    try {
      card.undone(await undo(task.task_id));
      button.remove();
    } catch (error) {
      button.disabled = false;
      note.textContent = error.message;
    }
  });
  report.append(button, note);
}

/** Resolves to the message of the upload once the undo is done. */
async function undo(taskId) {
  await undoImport(taskId);
  const task = await followTask(taskId, () => undefined);
  if (!task.undone_at) throw new Error(task.message);
  return task.message;
}

/** Asks in a dialog. Resolves to true on confirmation, and to false on Escape. */
function confirmUndo(name, result) {
  const dialog = byId('undo-dialog');
  byId('undo-text').textContent =
    `${plural(result?.rows_written ?? 0, 'response')} of ${name} will be removed. The employees and departments ` +
    'they affected are scored again without them. Alerts can be raised or cleared.';
  return new Promise((resolve) => {
    let answer = false;
    const confirm = () => {
      answer = true;
      dialog.close();
    };
    const keep = () => dialog.close();
    byId('undo-confirm').addEventListener('click', confirm);
    byId('undo-keep').addEventListener('click', keep);
    dialog.addEventListener(
      'close',
      () => {
        byId('undo-confirm').removeEventListener('click', confirm);
        byId('undo-keep').removeEventListener('click', keep);
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
  });
}
