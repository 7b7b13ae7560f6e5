import type { UploadKind } from '../../domain/csv/file-options.js';
import type { DepartmentRow, RosterRow } from '../../domain/people/employee.js';
import type { SurveyRow } from '../../domain/surveys/survey-response.js';

/** The valid rows of an upload, in file order. `batches` can be read any number of times and gives the same rows. */
interface ImportOf<Kind extends UploadKind, Row> {
  readonly kind: Kind;
  /** The id of the upload, which is the id of its sync too. */
  readonly syncId: string;
  readonly batches: () => AsyncIterable<readonly Row[]>;
}

/** A validated file: its rows may be written. */
export type ImportReady =
  | (ImportOf<'survey', SurveyRow> & { readonly questionNames: ReadonlyMap<number, string> })
  | ImportOf<'employees', RosterRow>
  | ImportOf<'departments', DepartmentRow>;
