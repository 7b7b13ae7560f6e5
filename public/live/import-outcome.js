import { plural } from './dom.js';

/** What became of an import, in sentences. */
export function describeOutcome({ status, message, result }) {
  if (!result) return message;
  const { rows_read: read, rows_written: written, rows_rejected: rejected } = result;
  const rows = `${written.toLocaleString()} of ${plural(read, 'row')} written`;
  const left = [
    rejected > 0 ? `${rejected.toLocaleString()} rejected` : '',
    result.rows_duplicate > 0 ? plural(result.rows_duplicate, 'duplicate') : '',
    result.rows_blank > 0 ? `${result.rows_blank.toLocaleString()} blank` : '',
  ].filter(Boolean);
  const sentences = [`${[rows, ...left].join(', ')}.`];
  if (status === 'failed') sentences.unshift(message);
  else sentences.push(describeAlerts(result));
  return sentences.join(' ');
}

function describeAlerts({ alerts_raised: raised = 0, alerts_cleared: cleared = 0 }) {
  if (raised === 0 && cleared === 0) return 'No alert changed.';
  return `${plural(raised, 'alert')} raised, ${cleared.toLocaleString()} cleared.`;
}

/** `Line 17, Q3_Tools: The answer is …` */
export function describeIssue({ line, column, message }) {
  const place = [line === undefined ? '' : `line ${line}`, column ?? ''].filter(Boolean).join(', ');
  if (place === '') return message;
  return `${place[0].toUpperCase()}${place.slice(1)}: ${message}`;
}
