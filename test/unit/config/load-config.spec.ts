import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config.js';
import { ENVIRONMENT_NAMES } from '../../../src/config/environment.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { parseBytes, parseDuration } from '../../../src/lib/units.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has the defaults of the contract', () => {
    expect(loadConfig({ STRESS_THRESHOLD: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      storage: { driver: 'embedded' },
      evaluateEveryMs: 60_000,
      alertTimezone: 'UTC',
      rules: { employee_stress: { threshold: 40, clearAt: 40 } },
      upload: { maxBytes: 268_435_456, maxRows: 1_000_000, maxColumns: 200, maxCellCharacters: 2_000 },
    });
  });

  it('lists every bad variable by name, and no value', () => {
    const secret = 'hunter2!';
    const names = [
      'PORT',
      'STORAGE',
      'RISK_EVALUATE_EVERY',
      'MIN_GROUP_SIZE',
      'ALERT_TIMEZONE',
      'STRESS_THRESHOLD',
      'UPLOAD_MAX_BYTES',
      'DYNAMODB_ENDPOINT',
      'LOG_LEVEL',
      'TABLE_PREFIX',
      'DYNAMODB_CREATE_TABLES',
    ];
    const problems = problemsOf(Object.fromEntries(names.map((name) => [name, secret])));
    for (const name of names) expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
    expect(problems.join()).not.toContain(secret);
  });

  it('takes the default for whatever is empty', () => {
    const empty = Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  it.each([
    ['0', undefined],
    ['1', 1],
    ['5', 5],
    ['1000', 1_000],
    ['1001', undefined],
    ['2.5', undefined],
  ])('takes groups of %s as %s', (MIN_GROUP_SIZE, size) => {
    if (size === undefined)
      expect(problemsOf({ MIN_GROUP_SIZE })).toEqual([
        'MIN_GROUP_SIZE must be a whole number from 1 to 1000',
      ]);
    else {
      const { minGroupSize, rules } = loadConfig({ MIN_GROUP_SIZE });
      expect([minGroupSize, rules.department_critical.minGroupSize]).toEqual([size, size]);
    }
  });

  it('takes 0 for what it is', () => {
    const config = loadConfig({ STRESS_THRESHOLD: '0', RISK_EVALUATE_EVERY: '0', PORT: '0' });
    expect([config.rules.employee_stress.threshold, config.evaluateEveryMs, config.port]).toEqual([0, 0, 0]);
  });

  it('takes no pause that a timer cannot wait, and no address of Redis that cannot be decoded', () => {
    const tooLong = '25d';
    const variables = {
      RISK_EVALUATE_EVERY: tooLong,
      ALERT_POLL_INTERVAL: tooLong,
      WS_HEARTBEAT: tooLong,
      WS_STALL_LIMIT: tooLong,
      REDIS_URL: 'redis://:half%price@redis:6379',
    };
    const named = problemsOf(variables).map((problem) => /^[A-Z_]+/.exec(problem)?.[0]);
    expect(named.sort()).toEqual(Object.keys(variables).sort());
    expect(loadConfig({ RISK_EVALUATE_EVERY: '24d' }).evaluateEveryMs).toBe(24 * 86_400_000);
  });

  it('names an instrument that cannot be used, and says why', async () => {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'instrument.json');
    const rate = { terms: [1], direction: 'direct' };
    const instrument = {
      scale: { min: 5, max: 1 },
      required_questions: [1],
      dimensions: [{ name: 'Mood', questions: [1] }],
      rates: { stress_rate: rate, engagement_rate: rate, attrition_rate: rate },
    };
    await writeFile(file, JSON.stringify(instrument));
    expect(problemsOf({ INSTRUMENT_FILE: file })).toEqual([
      'INSTRUMENT_FILE: the file cannot be used: scale.min must be below scale.max',
    ]);
    await folder.remove();
  });

  it('lists bad files together with bad variables', () => {
    const problems = problemsOf({ PORT: 'http', RULES_FILE: '/nonexistent/rules.json' });
    expect(problems.map((problem) => /^[A-Z_]+/.exec(problem)?.[0])).toEqual(['PORT', 'RULES_FILE']);
  });

  it('wants a region for DynamoDB, and takes a prefix', () => {
    expect(problemsOf({ STORAGE: 'dynamodb' })).toEqual([
      'STORAGE=dynamodb needs AWS_REGION; set it, or choose STORAGE=embedded',
    ]);
    expect(
      loadConfig({ STORAGE: 'dynamodb', AWS_REGION: 'eu-west-1', TABLE_PREFIX: 'dev-' }).storage,
    ).toEqual({
      driver: 'dynamodb',
      region: 'eu-west-1',
      createTables: false,
      tablePrefix: 'dev-',
      streams: 'auto',
    });
  });

  it('reads rules and instrument from files, and names what cannot be used', async () => {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'rules.json');
    await writeFile(file, '{"employee_stress":{"threshold":55}}');
    expect(loadConfig({ RULES_FILE: file, STRESS_THRESHOLD: '30' }).rules.employee_stress.threshold).toBe(55);
    await writeFile(file, '{');
    expect(problemsOf({ RULES_FILE: file, INSTRUMENT_FILE: join(folder.path, 'none.json') })).toEqual([
      'INSTRUMENT_FILE: the file cannot be used: ENOENT',
      'RULES_FILE: the file cannot be used: it is not JSON',
    ]);
    await folder.remove();
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({});
    expect(
      Object.isFrozen(config) &&
        Object.isFrozen(config.upload) &&
        Object.isFrozen(config.rules.employee_stress),
    ).toBe(true);
  });

  it('has its variables listed in .env.example, and no other', async () => {
    const example = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
    const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect([...listed].sort()).toEqual([...ENVIRONMENT_NAMES].sort());
  });

  it('has the defaults that .env.example shows', async () => {
    const example = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
    const shown: Record<string, string> = {};
    for (const [, name = '', value = ''] of example.matchAll(/^([A-Z_]+)=(.*)$/gm)) shown[name] = value;
    expect(loadConfig(shown)).toEqual(loadConfig({}));
  });
});

describe('units', () => {
  it.each([
    ['0', 0],
    ['250ms', 250],
    ['60s', 60_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['90d', 7_776_000_000],
    ['5', undefined],
    ['-1s', undefined],
    ['1 s', undefined],
  ])('%s is %s ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['0', 0],
    ['4096', 4096],
    ['4K', 4096],
    ['256M', 268_435_456],
    ['1G', 1_073_741_824],
    ['1T', undefined],
    ['', undefined],
  ])('%s is %s bytes', (text, expected) => {
    expect(parseBytes(text)).toBe(expected);
  });
});
