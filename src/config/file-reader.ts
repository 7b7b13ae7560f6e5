import { parseDuration } from '../lib/units.js';

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the fields of one mapping of a settings file. What is wrong is added to the problems by its place in the file,
 * never by its value; what is read is of use only where there are none.
 */
export class FileFields {
  private readonly known = new Set<string>();

  private constructor(
    private readonly fields: Mapping,
    readonly place: string,
    private readonly problems: string[],
  ) {}

  /** The fields of `value`, which must be a mapping. */
  static of(value: unknown, place: string, problems: string[]): FileFields {
    if (!isMapping(value)) problems.push(`${place} must be a mapping`);
    return new FileFields(isMapping(value) ? value : {}, place, problems);
  }

  /** Whether a field is there. */
  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  /** Says that a field is wrong: `expected` ends the sentence "… must be". */
  complain(name: string, expected: string): void {
    this.problems.push(`${this.place}.${name} must be ${expected}`);
  }

  /** A text that is not empty; absent: a problem. */
  text(name: string, expected = 'a text', accepts: (text: string) => boolean = () => true): string {
    const value = this.take(name);
    if (typeof value === 'string' && value.trim() !== '' && accepts(value)) return value;
    this.complain(name, this.has(name) ? expected : `set: ${expected}`);
    return '';
  }

  /** One of a few words; absent: `usual`. */
  word<Word extends string>(name: string, words: readonly Word[], usual?: Word): Word | undefined {
    const value = this.take(name);
    if (!this.has(name) && usual !== undefined) return usual;
    const word = words.find((known) => known === value);
    if (word === undefined) this.complain(name, `one of ${words.join(', ')}`);
    return word;
  }

  /** A list of texts, or one text; absent: undefined. */
  texts(name: string): string[] | undefined {
    const value = this.take(name);
    if (!this.has(name)) return undefined;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.filter((item) => typeof item === 'string' && item.trim() !== '');
    if (texts.length === list.length && list.length > 0) return texts.map(String);
    this.complain(name, 'a list of texts, and not empty');
    return [];
  }

  /** A list of a few words; absent: undefined. */
  words<Word extends string>(name: string, words: readonly Word[]): Word[] | undefined {
    const texts = this.texts(name);
    if (texts === undefined) return undefined;
    const found = texts.flatMap((text) => words.find((word) => word === text) ?? []);
    if (found.length < texts.length) this.complain(name, `made of ${words.join(', ')}`);
    return found;
  }

  /** A duration in milliseconds; absent: `usual`. */
  duration(name: string, usual: number, min?: number): number;
  duration(name: string, usual: undefined, min?: number): number | undefined;
  duration(name: string, usual: number | undefined, min = 0): number | undefined {
    const value = this.take(name);
    if (!this.has(name)) return usual;
    const duration = typeof value === 'string' || value === 0 ? parseDuration(String(value)) : undefined;
    if (duration !== undefined && (duration === 0 ? min === 0 : duration >= Math.max(min, 1)))
      return duration;
    this.complain(name, 'a duration like 500ms, 30s, 5m or 2h, within its bounds');
    return usual;
  }

  /** True or false; absent: false. */
  flag(name: string): boolean {
    const value = this.take(name);
    if (this.has(name) && typeof value !== 'boolean') this.complain(name, 'true or false');
    return value === true;
  }

  /** A list that is not empty, of anything. */
  list(name: string): unknown[] {
    const value = this.take(name);
    if (Array.isArray(value) && value.length > 0) return value;
    this.complain(name, 'a list, and not empty');
    return [];
  }

  /** The fields below a field; absent: undefined. */
  below(name: string): FileFields | undefined {
    const value = this.take(name);
    return this.has(name) ? FileFields.of(value, `${this.place}.${name}`, this.problems) : undefined;
  }

  /** Complains of every field that nobody asked for. */
  end(): void {
    for (const name of Object.keys(this.fields))
      if (!this.known.has(name)) this.problems.push(`${this.place} has no setting ${name.slice(0, 40)}`);
  }

  private take(name: string): unknown {
    this.known.add(name);
    return this.fields[name];
  }
}
