// Walks over the frames of a server without copying or decoding them: clients must not be what is measured.
const NONE = Buffer.alloc(0);
const LONGEST_HEADER = 10;

/** Cuts the bytes of a server into frames, whole ones only, and hands each to `onFrame(buffer, start, end)`. */
export class FrameWalker {
  #cut = NONE;

  constructor(onFrame) {
    this.onFrame = onFrame;
  }

  take(chunk) {
    let at = this.#cut.length > 0 ? this.#finishCutFrame(chunk) : 0;
    for (let size = frameSize(chunk, at); at + size <= chunk.length; size = frameSize(chunk, at)) {
      this.onFrame(chunk, at, at + size);
      at += size;
    }
    if (at < chunk.length) this.#cut = Buffer.from(chunk.subarray(at));
  }

  /** Answers how many bytes of `chunk` belong to the frame that the chunk before did not hold to its end. */
  #finishCutFrame(chunk) {
    const cut = this.#cut;
    const size = frameSize(Buffer.concat([cut, chunk.subarray(0, LONGEST_HEADER)]), 0);
    const missing = size - cut.length;
    this.#cut = missing <= chunk.length ? NONE : Buffer.concat([cut, chunk]);
    if (missing > chunk.length) return chunk.length;
    this.onFrame(Buffer.concat([cut, chunk.subarray(0, missing)]), 0, size);
    return missing;
  }
}

/** Bytes of the frame at `at`, header included; infinite while the header is not whole. Servers do not mask. */
function frameSize(bytes, at) {
  if (at + 2 > bytes.length) return Infinity;
  const short = bytes[at + 1];
  if (short < 126) return 2 + short;
  const header = short === 126 ? 4 : LONGEST_HEADER;
  if (at + header > bytes.length) return Infinity;
  return header + (short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)));
}

/** The text in a frame from `start` to `end`. */
export function payloadOf(bytes, start, end) {
  const short = bytes[start + 1];
  return bytes.subarray(start + (short < 126 ? 2 : short === 126 ? 4 : LONGEST_HEADER), end);
}
