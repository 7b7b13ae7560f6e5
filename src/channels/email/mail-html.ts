import type { Tone } from '../../domain/notifications/notification-text.js';
import type { Told } from '../../delivery/channels/email/mail-message.js';

const COLOURS: Readonly<Record<Tone, string>> = {
  critical: '#b3261e',
  warning: '#8a5a00',
  resolved: '#1b6e3c',
  info: '#3a5a8c',
};

/**
 * The mail as HTML: no images, no scripts, nothing from elsewhere. Colours work on light and dark; the words say the
 * same without them.
 */
export function mailHtml({ wording, time, link }: Told): string {
  const { title, tone, lines, more, departments } = wording;
  const list = (items: readonly string[]): string =>
    `<ul style="margin:0;padding-left:20px">${items.map((item) => `<li style="margin:4px 0">${escapeHtml(item)}</li>`).join('')}</ul>`;
  const body = [
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${escapeHtml(title)}</h1>`,
    lines.length > 0 ? list(lines) : '',
    more === undefined ? '' : `<p style="margin:12px 0">${escapeHtml(more)}</p>`,
    departments.length > 0
      ? `<h2 style="font-size:16px;margin:20px 0 8px">By department</h2>${list(departments)}`
      : '',
    link === undefined
      ? ''
      : `<p style="margin:20px 0"><a href="${escapeHtml(link)}">Open Pulsewatch</a></p>`,
    `<p style="margin:20px 0 0;font-size:13px;opacity:.75">${escapeHtml(time)}<br>Sent by Pulsewatch.</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:600px;margin:0 auto;padding:16px 20px;border:1px solid #8888;border-left:6px solid ${COLOURS[tone]};border-radius:6px;overflow-wrap:anywhere">${body.join('')}</div></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
