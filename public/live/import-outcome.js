import { plural } from './dom.js';

const STAGES = {
  queued: 'Waiting for earlier imports',
  validating: 'Checking',
  writing: 'Writing',
  previewing: 'Previewing the changes',
  evaluating: 'Rolling up departments and evaluating rules',
  undoing: 'Undoing',
};

/** The progress of a running import as text: `Writing, 45 %, 4,500 of 10,000 rows, about 20 s left`. */
export function describeProgress({ stage, progress, progress_detail: detail = {} }) {
  const parts = [STAGES[stage] ?? 'Importing'];
  if (stage !== 'queued') parts.push(`${Math.floor(progress)} %`);
  parts.push(describeRows(stage, detail), describeSeconds(detail.seconds_remaining));
  return parts.filter(Boolean).join(', ');
}

function describeRows(stage, { rows_read: read = 0, rows_written: written = 0, rows_total: total }) {
  if (stage === 'validating' && read > 0) return plural(read, 'row');
  if (stage === 'writing' && typeof total === 'number')
    return `${written.toLocaleString()} of ${plural(total, 'row')}`;
  return '';
}

function describeSeconds(seconds) {
  if (typeof seconds !== 'number') return '';
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** The outcome of an import in sentences; of its undo, if one was requested. */
export function describeOutcome({ status, message, result, undo }) {
  if (!result || status === 'failed' || undo) return message;
  const { rows_read: read, rows_written: written, preview } = result;
  if (preview)
    return `${plural(read, 'row')} checked, nothing written. ${describeChange(preview, 'would be ')}`;
  return `${written.toLocaleString()} of ${plural(read, 'row')} written. ${describeChange(result)}`;
}

function describeChange({ alerts_raised: raised = 0, alerts_cleared: cleared = 0 }, verb = '') {
  if (raised === 0 && cleared === 0) return verb === '' ? 'No alert changed.' : 'No alert would change.';
  return `${plural(raised, 'alert')} ${verb}raised, ${cleared.toLocaleString()} ${verb}cleared.`;
}

/** `Line 17, Q3_Tools: The answer is …` */
export function describeIssue({ line, column, message }) {
  const place = [line === undefined ? '' : `line ${line}`, column ?? ''].filter(Boolean).join(', ');
  if (place === '') return message;
  return `${place[0].toUpperCase()}${place.slice(1)}: ${message}`;
}

const DELIMITERS = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  comma: 'Comma',
  semicolon: 'Semicolon',
  tab: 'Tab',
};
const LINE_ENDS = { lf: 'LF', crlf: 'CRLF', cr: 'CR', mixed: 'mixed line ends' };

/** The dialect of the file: `Comma, UTF-8, CRLF`. */
export function describeDialect({ delimiter, encoding, bom, line_ends: lineEnds }) {
  const parts = [
    DELIMITERS[delimiter] ?? delimiter,
    encoding?.toUpperCase(),
    LINE_ENDS[lineEnds] ?? lineEnds,
  ];
  return [...parts, bom ? 'with BOM' : ''].filter(Boolean).join(', ');
}
