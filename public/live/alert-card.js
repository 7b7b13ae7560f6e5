import { fromTemplate, setText } from './dom.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const rateFormat = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 2 });
const isKnown = (text) => typeof text === 'string' && text !== '' && text !== 'Unknown';

/** The description of each type of alert. A type that a later server adds is shown by its name. */
const DESCRIPTIONS = {
  employee_stress: (data) => ({
    kind: 'High stress',
    who: isKnown(data.employee_name) ? data.employee_name : `Employee ${data.employee_id}`,
    where: [data.department, data.position, isKnown(data.employee_name) ? data.employee_id : ''],
    rates: { Stress: data.stress_rate, Engagement: data.engagement_rate, Attrition: data.attrition_rate },
  }),
  department_critical: (data) => ({
    kind: 'Critical department',
    who: isKnown(data.department_name) ? data.department_name : `Department ${data.department_id}`,
    where: [data.department_id],
    rates: { Engagement: data.engagement_score },
  }),
};

/** The description of an alert: `{kind, who, where, rates}`. */
export function describeAlert({ type, data = {} }) {
  const describe = Object.hasOwn(DESCRIPTIONS, type) ? DESCRIPTIONS[type] : undefined;
  return describe?.(data) ?? { kind: type, who: data.department ?? '', where: [], rates: {} };
}

/** Builds the list item of an alert. */
export function createAlertCard(alert) {
  const { element, slots } = fromTemplate('alert-template');
  const { kind, who, where, rates } = describeAlert(alert);
  const known = Object.hasOwn(DESCRIPTIONS, alert.type);
  element.dataset.type = known ? alert.type : 'other';
  element.querySelector('use').setAttribute('href', `live/icons.svg#${known ? alert.type : 'alert'}`);
  slots.kind.textContent = kind;
  slots.who.textContent = who;
  setText(slots.where, where.filter(isKnown).join(' · '));
  slots.rates.append(...Object.entries(rates).map(createRate));
  fillTime(slots.time, alert.timestamp);
  return element;
}

/** Marks the card as active, acknowledged or cleared. */
export function markAlertCard(element, isActive, seenBy) {
  const state = isActive ? 'active' : 'cleared';
  const words = isActive ? (seenBy === undefined ? 'Active now' : `Acknowledged by ${seenBy}`) : 'Cleared';
  const tag = element.querySelector('[data-slot=state]');
  if (element.dataset.state === state && tag.textContent === words) return;
  element.dataset.state = state;
  setText(tag, words);
}

function createRate([name, value]) {
  const group = document.createElement('div');
  const term = document.createElement('dt');
  const detail = document.createElement('dd');
  term.textContent = name;
  detail.textContent = typeof value === 'number' ? rateFormat.format(value) : '–';
  group.append(term, detail);
  return group;
}

function fillTime(element, timestamp) {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return;
  element.dateTime = timestamp;
  element.title = timestamp;
  element.textContent = timeFormat.format(date);
}
