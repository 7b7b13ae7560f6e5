import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { AlertLog } from '../../src/alerting/log/alert-log.js';
import { TestApp } from '../support/app/app.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import { COLLEAGUES, employVictim, tracesIn, VICTIM } from '../support/oracles/victim.js';
import type { Frame } from '../support/clients/ws-client.js';

type Active = Frame & { acknowledged?: { comment: string | null } };

onEachStorage('what operators say of alerts, on %s', (install) => {
  let installation: Installation;
  let app: TestApp;

  beforeEach(async () => {
    installation = await install();
    app = await TestApp.start(installation.variables);
    await employVictim(app);
  });
  afterEach(async () => {
    await app.stop();
    await installation.remove();
  });

  const items = async <Item = Frame>(path: string): Promise<Item[]> =>
    (await app.json<{ items: Item[] }>('GET', path)).items;
  const told = async () => [
    (await items<Active>('/alerts/active')).filter(({ acknowledged }) => acknowledged !== undefined),
    await items('/silences'),
  ];

  async function speakOfVictim(): Promise<void> {
    const active = await items('/alerts/active');
    const alert = active.find(({ data }) => data?.employee_id === VICTIM.id);
    const comment = `${VICTIM.name} is on leave`;
    await app.json('POST', `/alerts/${alert?.id ?? ''}/acknowledge`, { comment });
    const colleague = active.find(({ data }) => data?.employee_id === COLLEAGUES[0]?.employeeId);
    await app.json('POST', `/alerts/${colleague?.id ?? ''}/acknowledge`, { comment: 'I talk to them' });
    const matcher = { employee_ids: [VICTIM.id, 'C1'] };
    await app.json('POST', '/silences', { matcher, duration: '1h', reason: `${VICTIM.name} is on leave` });
    await app.json('POST', '/silences', {
      ...{ matcher: { departments: ['Beta'] }, duration: '1h', reason: 'Beta is new' },
    });
  }

  it('is as it was after a restart, from records and from a checkpoint', async () => {
    await speakOfVictim();
    const before = await told();
    expect(before.map((list) => list.length)).toEqual([2, 2]);
    app = await app.restart();
    expect(await told()).toEqual(before);
    await app.nest.get(AlertLog).trim(app.nest.get(AlertLog).head);
    app = await app.restart();
    expect(await told()).toEqual(before);
  });

  it.each(['erase', 'anonymise'])('tells nothing of a person whom they %s', async (mode) => {
    await speakOfVictim();
    // Also what a checkpoint holds.
    await app.nest.get(AlertLog).trim(app.nest.get(AlertLog).head - 1);
    await app.json('DELETE', `/employees/${VICTIM.id}?mode=${mode}`);
    for (let start = 0; start < 2; start += 1) {
      const texts = await Promise.all(
        ['/alerts?limit=500', '/alerts/active?limit=500', '/silences'].map(async (path) =>
          (await app.request(`/api/v1${path}`)).text(),
        ),
      );
      expect(tracesIn(texts.join('\n'))).toEqual([]);
      const [acknowledged, silences] = await told();
      const comments = (acknowledged as Active[]).map(({ acknowledged: by }) => by?.comment);
      expect(comments).toEqual(
        mode === 'erase' ? ['I talk to them'] : expect.arrayContaining([null, 'I talk to them']),
      );
      expect(silences).toMatchObject([
        { reason: 'Beta is new' },
        {
          reason: 'Erased',
          matcher: { employee_ids: [expect.stringMatching(/^(erased|anonymous)-/), 'C1'] },
        },
      ]);
      app = await app.restart();
    }
    await app.stop();
    expect(tracesIn(await installation.raw())).toEqual([]);
    app = await TestApp.start(app.variables);
  });
});
