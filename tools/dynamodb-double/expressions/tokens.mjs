import { validation } from '../errors.mjs';

/**
 * @typedef {object} Token
 * @property {'word' | 'name' | 'value' | 'index' | 'sign' | 'end'} kind
 * @property {string} text
 */

/** Longest first: of `<=` the `<` is only the beginning. */
const SIGNS = ['<>', '<=', '>=', '=', '<', '>', '(', ')', '[', ']', ',', '.', '+', '-'];
const MAX_BYTES = 4_096;
/** How much is told around what is wrong. */
const NEAR = 8;

const isLetter = (/** @type {string} */ char) => /[A-Za-z]/.test(char);
const isDigit = (/** @type {string} */ char) => /\d/.test(char);
const isInWord = (/** @type {string} */ char) => /\w/.test(char);
const isSpace = (/** @type {string} */ char) => /\s/.test(char);

/**
 * The parts of an expression, with one that says it is over.
 * @param {string} text
 * @param {string} kind what it is, for errors
 * @returns {Token[]}
 */
export function tokensOf(text, kind) {
  if (text.trim() === '') throw validation(`Invalid ${kind}: The expression can not be empty;`);
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw validation(
      `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
    );
  /** @type {Token[]} */
  const tokens = [];
  for (let at = 0; at < text.length;) {
    if (isSpace(text[at])) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined)
      throw validation(
        `Invalid ${kind}: Syntax error; token: "${text[at]}", near: "${text.slice(Math.max(0, at - NEAR), at + NEAR)}"`,
      );
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>' });
  return tokens;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Token | undefined}
 */
function tokenAt(text, at) {
  const first = text[at];
  if (first === '#' || first === ':') {
    const rest = run(text, at + 1, isInWord);
    return rest === '' ? undefined : { kind: first === '#' ? 'name' : 'value', text: first + rest };
  }
  if (isLetter(first)) return { kind: 'word', text: run(text, at, isInWord) };
  if (isDigit(first)) return { kind: 'index', text: run(text, at, isDigit) };
  const sign = SIGNS.find((known) => text.startsWith(known, at));
  return sign === undefined ? undefined : { kind: 'sign', text: sign };
}

/**
 * @param {string} text
 * @param {number} from
 * @param {(char: string) => boolean} belongs
 */
function run(text, from, belongs) {
  let end = from;
  while (end < text.length && belongs(text[end])) end += 1;
  return text.slice(from, end);
}
