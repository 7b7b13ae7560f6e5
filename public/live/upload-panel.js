import { byId, fromTemplate, plural, setText } from './dom.js';
import { describeIssue, describeOutcome } from './import-outcome.js';
import { followTask, sendFile } from './import-task.js';

const SHOWN_ISSUES = 5;
const MOST_UPLOADS = 10;
const STATES = { pending: 'Waiting', processing: 'Importing' };

/** Imports run one after the other: a roster dropped together with its survey is there first. */
let queue = Promise.resolve();

/** Takes files from the picker and from anywhere they are dropped. */
export function startUploads() {
  const picker = byId('file');
  picker.addEventListener('change', () => {
    addFiles(picker.files);
    // Else choosing the same file again would change nothing and not be noticed.
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
}

function addFiles(files) {
  for (const file of files) {
    const card = createCard(file.name);
    queue = queue.then(() => importFile(file, card));
  }
}

function createCard(name) {
  const { element, slots } = fromTemplate('upload-template');
  const bar = element.querySelector('progress');
  slots.name.textContent = name;
  slots.status.textContent = 'Waiting for its turn';
  bar.setAttribute('aria-label', `Import of ${name}`);
  const list = byId('uploads');
  list.prepend(element);
  const ended = [...list.querySelectorAll('[data-outcome]')];
  for (const old of ended.slice(MOST_UPLOADS - 1)) old.remove();
  return { element, slots, bar };
}

async function importFile(file, card) {
  const show = (step, percent) => {
    card.bar.value = percent;
    card.slots.status.textContent = `${step} … ${Math.floor(percent)} %`;
  };
  try {
    show('Sending', 0);
    const taskId = await sendFile(file, (percent) => show('Sending', percent));
    const task = await followTask(taskId, ({ status, progress }) =>
      show(STATES[status] ?? 'Finishing', progress),
    );
    finish(card, task.status, describeOutcome(task));
    showIssues(card.slots, taskId, task.result);
  } catch (error) {
    finish(card, 'failed', error.message);
  }
}

function finish({ element, slots, bar }, outcome, text) {
  element.dataset.outcome = outcome;
  bar.hidden = true;
  slots.status.textContent = `${outcome === 'failed' ? 'Failed.' : 'Done.'} ${text}`;
  // Percentages go unsaid to screen readers; the end does not.
  byId('import-announcer').textContent = `${slots.name.textContent}: ${slots.status.textContent}`;
}

/** The first findings in words; the report holds more of them. */
function showIssues({ issues, more }, taskId, result) {
  const found = [...(result?.errors ?? []), ...(result?.warnings ?? [])];
  issues.hidden = found.length === 0;
  for (const issue of found.slice(0, SHOWN_ISSUES)) {
    const item = document.createElement('li');
    item.textContent = describeIssue(issue);
    issues.append(item);
  }
  const rest = found.length - SHOWN_ISSUES;
  if (rest <= 0) return;
  setText(more, `and ${plural(rest, 'more', 'more')}`);
  const link = document.createElement('a');
  link.href = `api/v1/uploads/${encodeURIComponent(taskId)}`;
  link.textContent = 'The report';
  more.append(' · ', link);
}
