import type { UploadKind } from '../uploads/upload.js';
import { excerpt } from './excerpt.js';
import type { HeaderMap } from './header.js';

/** What a column of a file was read as: a field of its kind, or a question like `Q3`. */
export interface ColumnUse {
  /** As it stands in the file. */
  readonly column: string;
  readonly field: string;
}

/** What each column that is read was taken for, in the order of the file. */
export function columnUses<Kind extends UploadKind>(map: HeaderMap<Kind>): ColumnUse[] {
  const { names, fields, questions } = map;
  return [
    ...Array.from(fields, ([field, index]) => ({ field: String(field), index })),
    ...questions.map(({ number, index }) => ({ field: `Q${number}`, index })),
  ]
    .sort((a, b) => a.index - b.index)
    .map(({ field, index }) => ({ column: excerpt((names[index] ?? '').trim()), field }));
}
