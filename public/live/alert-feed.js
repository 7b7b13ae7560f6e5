import { createAlertCard, describeAlert, markAlertCard } from './alert-card.js';
import { createAnnouncer } from './announcer.js';
import { byId, plural } from './dom.js';
import { compareIds } from './ids.js';

const MOST_CARDS = 500;

/**
 * The list of alerts: newest first, each once, at most 500 in the page. Alerts are added at the next animation frame, so
 * that a burst of thousands builds only the cards that stay.
 */
export class AlertFeed {
  #list = byId('alerts');
  #announce = createAnnouncer(byId('announcer'));
  /** The cards in the page, by id of their alert. */
  #cards = new Map();
  #waiting = new Map();
  #active = new Set();
  /** Alerts that ended since the last list of active alerts. An older list must not restore them. */
  #ended = new Set();
  /** Who has acknowledged an active alert, by its id. */
  #seenBy = new Map();
  #hasMoreActive = false;
  #clearedUpTo;

  constructor() {
    byId('clear').addEventListener('click', () => this.clear());
    this.#showCount();
  }

  get activeIds() {
    return new Set(this.#active);
  }

  /** Adds an alert that was raised, or that is replayed after a reconnection. */
  raised(alert) {
    if (!this.#ended.has(alert.id)) this.#active.add(alert.id);
    if (this.#add(alert)) this.#announce(describeAlert(alert));
  }

  /** Marks the alert with this id as cleared. */
  ended(id) {
    this.#active.delete(id);
    this.#seenBy.delete(id);
    this.#ended.add(id);
    this.#schedule();
  }

  /** Marks the alert with this id as acknowledged. */
  acknowledged(id, by) {
    if (!this.#active.has(id)) return;
    this.#seenBy.set(id, by);
    this.#schedule();
  }

  /**
   * Takes over the list of active alerts, newest first. `before` holds the ids that were active when the list was
   * requested: those that the list lacks have ended. A later alert can be too new for the list.
   */
  setActive(alerts, { before, isComplete }) {
    const listed = new Set(alerts.map((alert) => alert.id));
    if (isComplete) for (const id of before) if (!listed.has(id)) this.ended(id);
    this.#hasMoreActive = !isComplete;
    for (const alert of alerts) {
      if (this.#ended.has(alert.id)) continue;
      this.#active.add(alert.id);
      if (alert.acknowledged) this.#seenBy.set(alert.id, alert.acknowledged.by);
      this.#add(alert);
    }
    this.#ended.clear();
    this.#schedule();
  }

  /** Empties the list. The next reconnection does not restore its alerts. */
  clear() {
    for (const id of [...this.#cards.keys(), ...this.#waiting.keys(), ...this.#active]) {
      if (this.#clearedUpTo === undefined || compareIds(id, this.#clearedUpTo) > 0) this.#clearedUpTo = id;
    }
    this.#empty();
  }

  /** Forgets everything: the server's log is another one, or begins later than what we knew. */
  reset() {
    this.#active.clear();
    this.#ended.clear();
    this.#seenBy.clear();
    this.#clearedUpTo = undefined;
    this.#empty();
  }

  #empty() {
    this.#waiting.clear();
    this.#cards.clear();
    this.#list.replaceChildren();
    this.#showCount();
  }

  #add(alert) {
    const { id } = alert;
    if (typeof id !== 'string' || this.#cards.has(id) || this.#waiting.has(id)) return false;
    if (this.#clearedUpTo !== undefined && compareIds(id, this.#clearedUpTo) <= 0) return false;
    this.#waiting.set(id, alert);
    // In a background tab no frame comes for hours.
    if (this.#waiting.size > 2 * MOST_CARDS)
      this.#waiting = new Map(this.#newestWaiting().map((a) => [a.id, a]));
    this.#schedule();
    return true;
  }

  #scheduled = false;
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#render();
    });
  }

  #newestWaiting() {
    return [...this.#waiting.values()].sort((a, b) => compareIds(b.id, a.id)).slice(0, MOST_CARDS);
  }

  #render() {
    for (const alert of this.#newestWaiting().reverse()) this.#insert(alert);
    this.#waiting.clear();
    while (this.#list.childElementCount > MOST_CARDS) {
      this.#cards.delete(this.#list.lastElementChild.dataset.id);
      this.#list.lastElementChild.remove();
    }
    for (const [id, card] of this.#cards) markAlertCard(card, this.#active.has(id), this.#seenBy.get(id));
    this.#showCount();
  }

  #insert(alert) {
    const card = createAlertCard(alert);
    card.dataset.id = alert.id;
    let next = this.#list.firstElementChild;
    while (next && compareIds(next.dataset.id, alert.id) > 0) next = next.nextElementSibling;
    this.#list.insertBefore(card, next);
    this.#cards.set(alert.id, card);
  }

  #showCount() {
    const shown = this.#cards.size;
    const active = `${this.#active.size.toLocaleString()}${this.#hasMoreActive ? '+' : ''} active now`;
    byId('count').textContent = `${plural(shown, 'alert')} · ${active}`;
    byId('clear').disabled = shown === 0;
    byId('empty').hidden = shown > 0;
  }
}
