// A client of the fleet: follows over a WebSocket, and goes on after its last event when it is cut off.
import { WebSocket } from 'ws';

const EVENT_TYPES = new Set(['employee_stress', 'department_critical', 'alert_cleared']);
/** It comes back after so long, and up to twice that: all of them at once would be another test. */
const RETRY_MS = 100;
const MARK = ',"replayed":true';
const MAX_PROBLEMS = 3;

/** Milliseconds since 1970, finer than `Date.now`. */
const now = () => performance.timeOrigin + performance.now();

/**
 * Keeps the ids that it got; the contents are the same for all, so the first of all who gets an event keeps it in `contents`,
 * and the others compare.
 */
export class ResumingClient {
  ids = [];
  problems = [];
  /** How often it was let in, and how often it was not. */
  connections = 0;
  refusals = 0;
  /** How often the server closed with which code. */
  closings = new Map();
  /** Of a probe: when it got each event as it happened. */
  arrivals = [];
  #lastId = 'earliest';
  #isLive = false;
  #replayed = 0;
  #left = Infinity;
  #wanted;
  #isDone = false;
  #announce = () => undefined;
  #welcome = () => undefined;

  /** `patience`: after so many events it breaks off by itself, and comes back at once. */
  constructor(place, contents, isProbe, patience = Infinity) {
    Object.assign(this, { place, contents, isProbe, patience });
    this.connected = new Promise((resolve) => (this.#welcome = resolve));
    this.finished = new Promise((resolve) => (this.#announce = resolve));
    this.#connect();
  }

  /** From now on it only waits for this event; undefined: there is none. */
  finish(lastId) {
    this.#wanted = lastId ?? 'none';
    this.#check();
  }

  get isFinished() {
    return this.#isDone;
  }

  /** What it waits for, for a report. */
  get state() {
    return `at ${this.#lastId} of ${this.#wanted}, ${this.#isLive ? 'live' : 'not live'}`;
  }

  #connect() {
    const { url, headers, ca } = this.place;
    const socket = new WebSocket(`${url}/api/v1/ws/alerts?last_event_id=${this.#lastId}`, { headers, ca });
    this.#isLive = false;
    this.#replayed = 0;
    this.#left = this.patience;
    let isOpen = false;
    socket.on('open', () => {
      isOpen = true;
      this.connections += 1;
    });
    socket.on('message', (data) => {
      this.#take(data.toString());
      if (this.#left <= 0 && this.#isLive) socket.terminate();
    });
    // It is followed by "close".
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.#isLive = false;
      if (this.#isDone) return;
      if (this.#left <= 0) {
        // Wherever it comes in now, it may be ahead of what is known there.
        this.#connect();
        return;
      }
      if (isOpen) this.closings.set(code, (this.closings.get(code) ?? 0) + 1);
      else this.refusals += 1;
      setTimeout(() => this.#connect(), RETRY_MS * (1 + Math.random()));
    });
  }

  #take(text) {
    const at = this.isProbe ? now() : 0;
    // Hundreds of clients in one process: no one parses what another one has parsed.
    const type = text.slice(9, text.indexOf('"', 9));
    const id = /"id":"(\d+)"/.exec(text)?.[1];
    if (EVENT_TYPES.has(type)) this.#takeEvent(text, id, at);
    else this.#takeOther(text, type, id);
    this.#check();
  }

  #takeEvent(text, id, at) {
    const isReplay = text.includes(MARK);
    if (isReplay) this.#replayed += 1;
    if (isReplay === this.#isLive) this.#complain(`wrongly marked: ${text}`);
    if (this.#lastId !== 'earliest' && Number(id) <= Number(this.#lastId))
      this.#complain(`the id ${id} came after ${this.#lastId}`);
    const content = isReplay ? text.replace(MARK, '') : text;
    const known = this.contents.get(id);
    if (known === undefined) this.contents.set(id, content);
    else if (known !== content) this.#complain(`another content: ${content} instead of ${known}`);
    this.ids.push(id);
    this.#left -= 1;
    this.#lastId = id;
    if (this.isProbe && !isReplay) this.arrivals.push([id, at]);
  }

  #takeOther(text, type, id) {
    if (type === 'replay_complete') {
      this.#isLive = true;
      this.#welcome();
      if (JSON.parse(text).count !== this.#replayed)
        this.#complain(`${this.#replayed} replayed, but ${text}`);
    } else if (type === 'position') {
      if (this.#lastId !== 'earliest' && Number(id) < Number(this.#lastId))
        this.#complain(`the position ${id} after the event ${this.#lastId}`);
    } else if (type !== 'connection') this.#complain(`unexpected: ${text.slice(0, 300)}`);
  }

  #check() {
    if (this.#isDone || this.#wanted === undefined || !this.#isLive) return;
    if (this.#wanted !== 'none' && this.#lastId !== this.#wanted) return;
    this.#isDone = true;
    this.#announce();
  }

  #complain(problem) {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}
