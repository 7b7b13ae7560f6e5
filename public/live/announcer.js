import { plural } from './dom.js';

const PAUSE = 2_000;

/** Announces new alerts to screen readers: one by its description, several by their count, at most once in two seconds. */
export function createAnnouncer(element) {
  let count = 0;
  let latest;
  let timer;
  return (description) => {
    count += 1;
    latest = description;
    timer ??= setTimeout(() => {
      element.textContent = count === 1 ? `${latest.kind}: ${latest.who}` : plural(count, 'new alert');
      count = 0;
      timer = undefined;
    }, PAUSE);
  };
}
