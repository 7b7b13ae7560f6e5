import { byId, fromTemplate } from './dom.js';
import { describeOutcome, describeProgress } from './import-outcome.js';
import { addUndo } from './upload-undo.js';
import { reportElements } from './upload-report.js';

const MOST_UPLOADS = 10;

/** One import in the list: its bar while it runs, then its report. */
export class UploadCard {
  #element;
  #slots;
  #bar;

  /** Puts the card at the top of the list, and removes the oldest that have ended. */
  constructor(name) {
    const { element, slots } = fromTemplate('upload-template');
    this.#element = element;
    this.#slots = slots;
    this.#bar = element.querySelector('progress');
    slots.name.textContent = name;
    this.#bar.setAttribute('aria-label', `Import of ${name}`);
    this.#show('Waiting', 0);
    const list = byId('uploads');
    list.prepend(element);
    for (const old of [...list.querySelectorAll('[data-outcome]')].slice(MOST_UPLOADS - 1)) old.remove();
  }

  /** Shows how much of the file is sent, in percent. */
  sending(percent) {
    this.#show(`Sending, ${Math.floor(percent)} %`, percent);
  }

  /** Shows the progress of a running import. */
  running(task) {
    this.#show(describeProgress(task), task.progress);
  }

  /** Replaces the bar with the report of the finished import. */
  ended(task) {
    this.#finish(task.status, describeOutcome(task));
    const { report } = this.#slots;
    report.append(...reportElements(task));
    if (task.can_undo === true) addUndo(report, this, { task, name: this.#slots.name.textContent });
    report.hidden = report.childElementCount === 0;
  }

  /** Shows an error of an import without a report. */
  failed(message) {
    this.#finish('failed', message);
  }

  /** Shows that the import was undone. Takes the focus, because the focused button is removed. */
  undone(message) {
    this.#element.dataset.outcome = 'undone';
    this.#say(message);
    this.#slots.status.focus();
  }

  #show(text, percent) {
    const value = Math.floor(percent);
    this.#bar.value = value;
    this.#bar.setAttribute('aria-valuenow', String(value));
    this.#bar.setAttribute('aria-valuetext', text);
    this.#slots.status.textContent = text;
  }

  #finish(outcome, text) {
    this.#element.dataset.outcome = outcome;
    this.#bar.hidden = true;
    this.#say(`${outcome === 'failed' ? 'Failed.' : 'Done.'} ${text}`);
  }

  /** Announces the result to screen readers, which do not hear the percentages. */
  #say(text) {
    this.#slots.status.textContent = text;
    byId('import-announcer').textContent = `${this.#slots.name.textContent}: ${text}`;
  }
}
