/**
 * Elements in an order, in chunks: neither putting one in nor finding one moves or looks at more than a few hundred.
 * @template T
 */
export class SortedList {
  static #CHUNK = 512;
  /** @type {T[][]} */
  #chunks = [[]];
  #compare;

  /** @param {(a: T, b: T) => number} compare */
  constructor(compare) {
    this.#compare = compare;
  }

  /**
   * Puts an element in; one that compares equal gives way.
   * @param {T} element
   */
  put(element) {
    const [chunkIndex, at] = this.#find(element);
    const chunk = this.#chunks[chunkIndex];
    const isThere = at < chunk.length && this.#compare(chunk[at], element) === 0;
    chunk.splice(at, isThere ? 1 : 0, element);
    if (chunk.length < 2 * SortedList.#CHUNK) return;
    this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(SortedList.#CHUNK));
  }

  /** @param {T} element one that compares equal goes */
  remove(element) {
    const [chunkIndex, at] = this.#find(element);
    const chunk = this.#chunks[chunkIndex];
    if (at >= chunk.length || this.#compare(chunk[at], element) !== 0) return;
    chunk.splice(at, 1);
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(chunkIndex, 1);
  }

  /**
   * From the first that is not before `from`.
   * @param {T} from
   * @returns {Generator<T>}
   */
  *forwards(from) {
    let [chunkIndex, at] = this.#find(from);
    for (; chunkIndex < this.#chunks.length; chunkIndex += 1, at = 0)
      for (const chunk = this.#chunks[chunkIndex]; at < chunk.length; at += 1) yield chunk[at];
  }

  /**
   * From the last that is not after `from`, towards the beginning.
   * @param {T} from
   * @returns {Generator<T>}
   */
  *backwards(from) {
    let [chunkIndex, at] = this.#find(from);
    const found = this.#chunks[chunkIndex];
    if (at >= found.length || this.#compare(found[at], from) !== 0) at -= 1;
    for (;;) {
      for (const chunk = this.#chunks[chunkIndex]; at >= 0; at -= 1) yield chunk[at];
      chunkIndex -= 1;
      if (chunkIndex < 0) return;
      at = this.#chunks[chunkIndex].length - 1;
    }
  }

  /**
   * Where the first is that is not before an element: its chunk, and its place in it.
   * @param {T} element
   * @returns {[number, number]}
   */
  #find(element) {
    const chunkIndex = Math.min(
      firstIndex(this.#chunks.length, (index) => {
        const chunk = this.#chunks[index];
        return chunk.length > 0 && this.#compare(chunk[chunk.length - 1], element) >= 0;
      }),
      this.#chunks.length - 1,
    );
    const chunk = this.#chunks[chunkIndex];
    return [chunkIndex, firstIndex(chunk.length, (index) => this.#compare(chunk[index], element) >= 0)];
  }
}

/**
 * The first index of which something is so that is so of all after it; `length` where it is of none.
 * @param {number} length
 * @param {(index: number) => boolean} isSo
 */
function firstIndex(length, isSo) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
