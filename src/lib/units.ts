const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `250ms`, `60s`, `5m`, `2h`, `90d` or `0` in milliseconds; undefined for other texts. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  return factor === undefined ? undefined : Number(amount) * factor;
}

/** `268435456`, `512K`, `256M` or `1G` (powers of 1024) in bytes; undefined for other texts. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,15})([KMG]?)$/.exec(text);
  const factor = BYTES[match?.[2] ?? ''];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}
