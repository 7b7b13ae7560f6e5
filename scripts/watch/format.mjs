const STYLES = { soft: 2, bold: 1, stress: 33, critical: 91, good: 32 };
const LABEL_WIDTH = 'CRITICAL DEPARTMENT'.length;

/**
 * Names come from CSV files: control and direction characters in them must not reach the terminal, where they could
 * move the cursor, change its title or turn the line around.
 */
const clean = (value) => String(value ?? '').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
const percent = (value) => (typeof value === 'number' ? `${value}` : '–');

/** How frames become lines: `frame` answers undefined for what is not for a reader's eyes. */
export function createFormat({ colours, json }) {
  const paint = (style, text) => (colours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);

  function line(frame, style, label, parts) {
    const time = paint('soft', clean(frame.timestamp));
    const [who, ...rest] = parts.filter((part) => part !== '');
    const again = frame.replayed ? paint('soft', ' (replayed)') : '';
    return `${time}  ${paint(style, label.padEnd(LABEL_WIDTH))}  ${paint('bold', who)}  ${rest.join(' · ')}${again}`;
  }

  const describe = {
    employee_stress: (frame, data) =>
      line(frame, 'stress', 'HIGH STRESS', [
        `${clean(data.employee_name)} (${clean(data.employee_id)})`,
        clean(data.department),
        clean(data.position),
        `stress ${percent(data.stress_rate)}`,
        `engagement ${percent(data.engagement_rate)}`,
        `attrition ${percent(data.attrition_rate)}`,
      ]),
    department_critical: (frame, data) =>
      line(frame, 'critical', 'CRITICAL DEPARTMENT', [
        `${clean(data.department_name)} (${clean(data.department_id)})`,
        `engagement ${percent(data.engagement_score)}`,
      ]),
    alert_cleared: (frame, data) =>
      line(frame, 'good', 'CLEARED', [
        clean(data.employee_id ?? data.department_id),
        clean(data.alert),
        clean(data.reason),
      ]),
    alert_acknowledged: (frame, data) =>
      line(frame, 'good', 'ACKNOWLEDGED', [
        clean(data.employee_id ?? data.department_id),
        clean(data.alert),
        `by ${clean(data.by)}`,
        clean(data.comment),
      ]),
    silence_set: (frame, data) =>
      line(frame, 'soft', 'SILENCED', [
        `until ${clean(data.ends_at)}`,
        `by ${clean(data.by)}`,
        clean(data.reason),
      ]),
    silence_ended: (frame, data) =>
      line(frame, 'soft', 'SILENCE ENDED', [clean(data.silence_id), `by ${clean(data.by)}`]),
    snapshot: (frame, { active = [] }) => {
      const head = line(frame, 'soft', 'SNAPSHOT', [`${active.length} active now`, clean(frame.reason)]);
      return [head, ...active.map(describeFrame)].filter(Boolean).join('\n');
    },
    error: (frame) => line(frame, 'critical', 'ERROR', [clean(frame.code), clean(frame.message)]),
  };

  function describeFrame(frame) {
    if (!Object.hasOwn(describe, frame.type)) return undefined;
    return json ? JSON.stringify(frame) : describe[frame.type](frame, frame.data ?? {});
  }

  return {
    frame: describeFrame,
    remark: (text) => paint('soft', `-- ${clean(text)}`),
  };
}
