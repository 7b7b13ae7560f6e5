import { validation } from '../errors.mjs';

/**
 * Numbers as DynamoDB has them: up to 38 digits, from 1E-130 to 9.99…E+125, exact. Never a double: two numbers that differ in
 * their 30th digit differ.
 *
 * @typedef {object} Decimal its value is 0.`digits` times ten to the `exponent`; zero has no digits
 * @property {boolean} isNegative
 * @property {string} digits with neither a zero before nor one after them
 * @property {number} exponent
 */

const MAX_DIGITS = 38;
const MAX_EXPONENT = 126;
const MIN_EXPONENT = -129;
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * @param {string} text
 * @returns {Decimal}
 */
export function parseDecimal(text) {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = FORM.exec(text) ?? [];
  if (whole + fraction === '')
    throw validation(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  return inRange(sign === '-', whole + fraction, whole.length + Number(exponent));
}

/**
 * @param {boolean} isNegative
 * @param {string} allDigits
 * @param {number} point how many of the digits are before the decimal point
 * @returns {Decimal}
 */
function inRange(isNegative, allDigits, point) {
  const leading = allDigits.length - allDigits.replace(/^0+/, '').length;
  const digits = allDigits.slice(leading).replace(/0+$/, '');
  if (digits === '') return { isNegative: false, digits, exponent: 0 };
  const exponent = point - leading;
  if (digits.length > MAX_DIGITS)
    throw validation(`Attempting to store more than ${MAX_DIGITS} significant digits in a Number`);
  if (exponent > MAX_EXPONENT)
    throw validation(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  if (exponent < MIN_EXPONENT)
    throw validation(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  return { isNegative, digits, exponent };
}

/**
 * The text that DynamoDB tells of a number: without an exponent, and without zeros that say nothing.
 * @param {Decimal} decimal
 */
export function textOf({ isNegative, digits, exponent }) {
  if (digits === '') return '0';
  const sign = isNegative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits + '0'.repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/**
 * A text that sorts as the number does.
 * @param {Decimal} decimal
 */
export function sortableOf({ isNegative, digits, exponent }) {
  if (digits === '') return '1';
  const size = exponent - MIN_EXPONENT;
  if (!isNegative) return `2${String(size).padStart(3, '0')}${digits}`;
  const complement = [...digits].map((digit) => 9 - Number(digit)).join('');
  // The end is above all digits: of two with the same beginning the longer one is the smaller.
  return `0${String(999 - size).padStart(3, '0')}${complement}~`;
}

/**
 * @param {Decimal} a
 * @param {Decimal} b
 * @param {1 | -1} sign of the second
 * @returns {Decimal}
 */
export function sum(a, b, sign = 1) {
  const scale = Math.max(scaleOf(a), scaleOf(b));
  const total = unscaled(a, scale) + BigInt(sign) * unscaled(b, scale);
  const digits = String(total < 0n ? -total : total);
  return inRange(total < 0n, digits, digits.length - scale);
}

/** @param {Decimal} decimal how many digits are behind the point */
const scaleOf = ({ digits, exponent }) => digits.length - exponent;

/**
 * @param {Decimal} decimal
 * @param {number} scale
 */
function unscaled(decimal, scale) {
  const { digits, isNegative } = decimal;
  if (digits === '') return 0n;
  const whole = BigInt(digits) * 10n ** BigInt(scale - scaleOf(decimal));
  return isNegative ? -whole : whole;
}
