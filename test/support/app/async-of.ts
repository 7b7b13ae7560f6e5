import { Readable } from 'node:stream';

/** Gives the values one after the other, as a stream does. */
export function asyncOf<Value>(values: readonly Value[]): AsyncIterable<Value> {
  return Readable.from(values) as AsyncIterable<Value>;
}
