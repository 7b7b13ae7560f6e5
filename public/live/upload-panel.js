import { byId } from './dom.js';
import { followTask, runningImports, sendFile } from './import-task.js';
import { UploadCard } from './upload-card.js';

/** How often imports that were started elsewhere are looked up, in milliseconds. */
const REFRESH_EVERY = 10_000;

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** The tasks that have a card. */
const shown = new Set();
/** Whether a file is being sent: the list can hold its task before this page knows the id. */
let isSending = false;

/** Imports run one after the other, so that a roster dropped together with a survey is imported first. */
let queue = Promise.resolve();

/** Accepts files from the picker and files dropped anywhere on the page. */
export function startUploads() {
  const picker = byId('file');
  picker.addEventListener('change', () => {
    addFiles(picker.files);
    // Otherwise choosing the same file again would not raise an event.
    picker.value = '';
  });
  const root = document.documentElement;
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
  window.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    root.classList.add('dragging');
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) root.classList.remove('dragging');
  });
  window.addEventListener('drop', (event) => {
    root.classList.remove('dragging');
    if (!carriesFiles(event)) return;
    event.preventDefault();
    addFiles(event.dataTransfer.files);
  });
  void showOthers();
  setInterval(showOthers, REFRESH_EVERY);
}

function addFiles(files) {
  const dryRun = byId('dry-run').checked;
  for (const file of files) {
    const card = new UploadCard(dryRun ? `${file.name} (check only)` : file.name);
    queue = queue.then(() => importFile(file, card, dryRun));
  }
}

async function importFile(file, card, dryRun) {
  try {
    isSending = true;
    card.sending(0);
    const taskId = await sendFile(file, { dryRun, onProgress: (percent) => card.sending(percent) });
    const following = follow(taskId, card);
    isSending = false;
    await following;
  } catch (error) {
    card.failed(error.message);
  } finally {
    isSending = false;
  }
}

async function follow(taskId, card) {
  shown.add(taskId);
  card.ended(await followTask(taskId, (task) => card.running(task)));
}

/** Shows imports that were started elsewhere or before this page was loaded. The server does not know the names of their files. */
async function showOthers() {
  if (document.hidden) return;
  const running = await runningImports();
  if (isSending) return;
  const others = running.filter(({ task_id: id }) => !shown.has(id));
  for (const task of others.reverse()) {
    const card = new UploadCard(`Import of ${timeFormat.format(new Date(task.accepted_at))}`);
    card.running(task);
    follow(task.task_id, card).catch((error) => card.failed(error.message));
  }
}
