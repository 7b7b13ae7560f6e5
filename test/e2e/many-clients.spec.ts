import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Caller } from '../faults/caller.js';
import { connectWebSocket } from '../faults/connections.js';
import { Driver } from '../faults/driver.js';
import { ResumingFollower } from '../faults/resuming-follower.js';
import { ServerLives } from '../faults/server-lives.js';
import { Random } from '../support/generators/random.js';
import { uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const CLIENTS = 50;
const DISCONNECTS = 4;
const FILES = 10;
const ROWS = 500;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let lives: ServerLives;

beforeEach(async () => {
  folder = await temporaryFolder();
  lives = new ServerLives({ DATA_DIR: folder.path }, []);
});
afterEach(async () => {
  await lives.stop('SIGKILL');
  await folder.remove();
});

/** Stressed people of one department, of whom nothing was known. */
function file(number: number) {
  const unit = `Department ${number}`;
  const rows = Array.from({ length: ROWS }, (_, n) => uniform(`E${number}-${n}`, 1, unit));
  return { step: { kind: 'survey', rows, spoilt: 0 }, events: ROWS + 1 } as const;
}

/** A few times some hundred frames, and then for as long as it lasts. Together they are fewer than there are events. */
function patience(random: Random): () => number {
  let left = DISCONNECTS;
  return () => (left-- > 0 ? random.whole(1, 900) : Infinity);
}

describe('many clients that come and go', () => {
  it('get the whole log, each event once and in order, across 200 disconnects and a kill −9', async () => {
    const random = new Random(50);
    let seen = 0;
    const killInTheMiddle = (): void => {
      seen += 1;
      if (seen === (CLIENTS * FILES * ROWS) / 2) void lives.stop('SIGKILL');
    };
    const clients = Array.from(
      { length: CLIENTS },
      (_, n) =>
        new ResumingFollower(
          { name: `client ${n}`, lives, patience: patience(random), onFrames: killInTheMiddle },
          (server, id) => connectWebSocket(server, `?last_event_id=${id}`),
        ),
    );
    const following = Promise.all(clients.map((client) => client.run()));
    const driver = new Driver(lives, () => undefined);
    await driver.run(Array.from({ length: FILES }, (_, n) => file(n)));

    const log = await new Caller(lives, await lives.running()).log();
    for (const client of clients) client.finish(log.at(-1)?.id ?? '');
    await following;
    for (const client of clients) client.compare(log);

    expect(clients.flatMap(({ problems }) => problems)).toEqual([]);
    expect([...lives.problems, ...driver.problems]).toEqual([]);
    expect(log).toHaveLength(FILES * (ROWS + 1));
    expect(clients.map(({ disconnects }) => disconnects)).toEqual(clients.map(() => DISCONNECTS));
    expect(lives.figures).toMatchObject({ starts: 2, kills: 1 });
  });
});
