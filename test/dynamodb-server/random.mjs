/** Numbers that look random, and are the same again from the same seed. */
export class Random {
  #state;

  /** @param {number} seed a whole number */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but not, 1. */
  next() {
    // mulberry32: small, and good enough to decide what goes wrong.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * A whole number from 0 to `most`.
   * @param {number} most
   */
  upTo(most) {
    return Math.floor(this.next() * (most + 1));
  }

  /**
   * True in this share of the cases.
   * @param {number} rate
   */
  chance(rate) {
    return this.next() < rate;
  }
}
