import type { TestApp } from '../app/app.js';

/** One scrape: the value of each sample, by its name with its labels as Prometheus writes them. */
export async function scrape(app: Pick<TestApp, 'request'>): Promise<Map<string, number>> {
  const text = await (await app.request('/metrics')).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

/** The sum of the samples of a metric that carry these labels. */
export function valueOf(
  samples: ReadonlyMap<string, number>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return [...samples]
    .filter(([sample]) => sample === name || sample.startsWith(`${name}{`))
    .filter(([sample]) => wanted.every((label) => sample.includes(label)))
    .reduce((sum, [, value]) => sum + value, 0);
}
