import { describeAlert } from './alert-card.js';
import { plural } from './dom.js';
import { followWithToken } from './session-link.js';
import { describeDialect, describeIssue } from './import-outcome.js';

const SHOWN = 5;

/** The elements of the report of a finished import, beside its outcome. */
export function reportElements({ task_id: taskId, result }) {
  if (!result) return [];
  const { errors = [], warnings = [], ignored_columns: ignored = [], dialect, preview } = result;
  const facts = [
    ['Rows read', result.rows_read],
    ['Written', result.rows_written],
    ['Rejected', result.rows_rejected],
    ['Duplicate', result.rows_duplicate],
    ['Blank', result.rows_blank],
  ];
  return [
    element('dl', 'counts', ...facts.flatMap(countOf)),
    dialect && element('p', '', `Format: ${describeDialect(dialect)}.`),
    ignored.length > 0 && element('p', '', `Columns not read: ${ignored.join(', ')}.`),
    warnings.length > 0 && warningList(warnings, ignored),
    preview && previewOf(preview),
    errors.length > 0 && errorTable(errors, result.errors_total),
    linksOf(taskId, result),
  ].filter(Boolean);
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

function countOf([name, count]) {
  if (typeof count !== 'number') return [];
  const group = element('div', '', element('dt', '', name), element('dd', '', count.toLocaleString()));
  group.dataset.zero = String(count === 0);
  return [group];
}

/** Ignored columns are left out if the report lists them in a line of their own. */
function warningList(warnings, ignored) {
  const listed = warnings.filter(({ code }) => code !== 'column_ignored' || ignored.length === 0);
  if (listed.length === 0) return undefined;
  const items = listed.slice(0, SHOWN).map((issue) => element('li', '', describeIssue(issue)));
  if (listed.length > SHOWN) items.push(element('li', '', `and ${listed.length - SHOWN} more`));
  return element('ul', 'issues', ...items);
}

function errorTable(errors, total = errors.length) {
  const shown = errors.slice(0, SHOWN);
  const of = total > shown.length ? `The first ${shown.length} of ${plural(total, 'error')}` : 'Errors';
  const heads = ['Line', 'Column', 'Error'].map((name) => {
    const head = element('th', '', name);
    head.scope = 'col';
    return head;
  });
  const rows = shown.map(({ line, column, message, value }) => {
    const problem = element('td', '', message);
    if (value !== undefined) problem.append(' ', element('code', '', value));
    return element(
      'tr',
      '',
      element('td', '', String(line ?? '–')),
      element('td', '', column ?? '–'),
      problem,
    );
  });
  const body = element('tbody', '', ...rows);
  return element(
    'table',
    'errors',
    element('caption', '', of),
    element('thead', '', element('tr', '', ...heads)),
    body,
  );
}

function linksOf(taskId, { errors_total: errors = 0 }) {
  const base = `api/v1/uploads/${encodeURIComponent(taskId)}`;
  const links = [link(base, 'Full report')];
  if (errors > 0) {
    const file = link(`${base}/errors.csv`, 'All errors as CSV');
    file.download = '';
    links.unshift(file);
  }
  return element('p', 'links', ...links);
}

function link(href, text) {
  const made = element('a', '', text);
  made.href = href;
  followWithToken(made);
  return made;
}

/** The alerts that a dry run would raise and clear. */
function previewOf({ alerts_raised: raised, alerts_cleared: cleared, alerts = [] }) {
  if (alerts.length === 0) return undefined;
  const items = alerts.map((alert) => element('li', '', sentenceOf(alert)));
  const rest = raised + cleared - alerts.length;
  if (rest > 0) items.push(element('li', '', `and ${plural(rest, 'more', 'more')}`));
  const title = `Would raise ${plural(raised, 'alert')} and clear ${cleared.toLocaleString()}`;
  return element('details', 'preview', element('summary', '', title), element('ul', '', ...items));
}

function sentenceOf({ type, data }) {
  if (type === 'alert_cleared') {
    const { kind } = describeAlert({ type: data.alert, data });
    return `Cleared: ${kind}, ${data.employee_id ?? data.department_id}`;
  }
  const { kind, who, where, rates } = describeAlert({ type, data });
  const [[name, value] = []] = Object.entries(rates);
  const rate = typeof value === 'number' ? `${name} ${value}` : '';
  return [`${kind}: ${who}`, where[0], rate].filter((part) => part && part !== 'Unknown').join(', ');
}
