import { validation } from '../errors.mjs';
import { RESERVED_WORDS } from './reserved-words.mjs';
import { tokensOf } from './tokens.mjs';

/**
 * @typedef {import('./tokens.mjs').Token} Token
 * @typedef {import('./placeholders.mjs').Placeholders} Placeholders
 * @typedef {(string | number)[]} Path the names, and the places in lists, that lead to a value
 */

/** Reads an expression from its beginning to its end. */
export class Reader {
  /** @type {Token[]} */
  #tokens;
  #at = 0;

  /**
   * @param {string} text
   * @param {string} kind the parameter that it came in, such as `UpdateExpression`
   * @param {Placeholders} placeholders
   */
  constructor(text, kind, placeholders) {
    this.kind = kind;
    this.placeholders = placeholders;
    this.#tokens = tokensOf(text, kind);
  }

  /** @returns {Token} */
  get next() {
    return this.#tokens[this.#at];
  }

  /**
   * The one after that.
   * @returns {Token | undefined}
   */
  get afterNext() {
    return this.#tokens[this.#at + 1];
  }

  take() {
    const token = this.next;
    if (token.kind === 'end') throw this.wrongToken();
    this.#at += 1;
    return token;
  }

  /**
   * Whether a sign is next, or a word in any case.
   * @param {string} text
   */
  sees(text) {
    const { kind, text: found } = this.next;
    return (kind === 'sign' || kind === 'word') && found.toUpperCase() === text;
  }

  /**
   * Takes it if it is next.
   * @param {string} text
   */
  takes(text) {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  /** @param {string} text */
  expect(text) {
    if (!this.takes(text)) throw this.wrongToken();
  }

  expectEnd() {
    if (this.next.kind !== 'end') throw this.wrongToken();
  }

  /**
   * What stands between commas.
   * @template T
   * @param {() => T} one
   */
  list(one) {
    const all = [one()];
    while (this.takes(',')) all.push(one());
    return all;
  }

  /** @returns {Path} */
  path() {
    /** @type {Path} */
    const path = [this.#name()];
    for (;;) {
      if (this.takes('.')) path.push(this.#name());
      else if (this.takes('[')) {
        const { kind, text } = this.take();
        if (kind !== 'index') throw this.wrongToken(-1);
        path.push(Number(text));
        this.expect(']');
      } else return path;
    }
  }

  value() {
    return this.placeholders.value(this.take().text, this.kind);
  }

  #name() {
    const { kind, text } = this.take();
    if (kind === 'name') return this.placeholders.name(text, this.kind);
    if (kind !== 'word') throw this.wrongToken(-1);
    if (RESERVED_WORDS.has(text.toUpperCase()))
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    return text;
  }

  wrongToken(offset = 0) {
    const at = this.#at + offset;
    const near = this.#tokens.slice(Math.max(0, at - 1), at + 2).map(({ text }) => text);
    return this.error(`Syntax error; token: "${this.#tokens[at].text}", near: "${near.join(' ')}"`);
  }

  /** @param {string} message */
  error(message) {
    return validation(`Invalid ${this.kind}: ${message}`);
  }
}

/**
 * A path as errors tell it.
 * @param {Path} path
 */
export function pathText(path) {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
