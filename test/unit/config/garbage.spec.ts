import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import proxyAddr from 'proxy-addr';
import { parseChannels } from '../../../src/config/channels-file.js';
import { ConfigError, type Config } from '../../../src/config/config.js';
import { ENVIRONMENT_NAMES } from '../../../src/config/environment.js';
import { FileError } from '../../../src/config/file-schema.js';
import { parseInstrument } from '../../../src/config/instrument-file.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { parseRules } from '../../../src/config/rules-file.js';
import { builtInRules } from '../../../src/domain/alerts/rules.js';
import { parseBytes, parseDuration } from '../../../src/lib/units.js';
import { CHANNEL_KINDS } from '../../../src/delivery/channels/registry.js';

/** In every value, so that it is found wherever one is repeated. */
const MARK = 'h\u00fcnter2';

/** What came of variables: the settings, or the problems. */
function outcomeOf(variables: Record<string, string>): Config | readonly string[] {
  try {
    return loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const marked = fc.tuple(fc.string({ unit: 'binary' }), fc.string()).map(([a, b]) => a + MARK + b);
const plausible = fc.constantFrom('off', 'jwt', 'dynamodb', 'true', '0', '60s', '4K', '::1', 'https://a.b');
const environments = fc.dictionary(fc.constantFrom(...ENVIRONMENT_NAMES), fc.oneof(marked, plausible));

describe('settings', () => {
  it('of any kind are taken, or refused by name and without their values', () => {
    fc.assert(
      fc.property(environments, (variables) => {
        const outcome = outcomeOf(variables);
        if (!Array.isArray(outcome)) return;
        expect(outcome.join()).not.toContain(MARK);
        for (const problem of outcome) expect(problem).toMatch(/^[A-Z][A-Z_]+[ :=]/);
      }),
    );
  });

  it('that are wrong are all named, with those that are wrong beside them', () => {
    const bad: Record<string, string> = { PORT: MARK, WS_HEARTBEAT: MARK, DOCS: MARK, ALLOWED_ORIGINS: MARK };
    fc.assert(
      fc.property(fc.subarray(Object.keys(bad)), (names) => {
        const outcome = outcomeOf(Object.fromEntries(names.map((name) => [name, bad[name] ?? ''])));
        const named = Array.isArray(outcome) ? outcome.map((problem: string) => problem.split(' ')[0]) : [];
        expect(named.sort()).toEqual([...names].sort());
      }),
    );
  });

  it('PORT takes every port, and no other number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -70_000, max: 140_000 }), (port) => {
        const outcome = outcomeOf({ PORT: String(port) });
        if (port >= 0 && port <= 65_535) expect(outcome).toMatchObject({ port });
        else expect(outcome).toEqual(['PORT must be a whole number from 0 to 65535']);
      }),
    );
  });

  it('that are lists give their items, however they are separated', () => {
    const origin = fc.webUrl({ validSchemes: ['http', 'https'] }).map((url) => new URL(url).origin);
    const gap = fc.constantFrom(',', ' , ', ',,', ', ');
    fc.assert(
      fc.property(fc.array(fc.tuple(origin, gap)), (parts) => {
        const outcome = outcomeOf({ ALLOWED_ORIGINS: parts.flat().join('') });
        expect(outcome).toMatchObject({ security: { allowedOrigins: parts.map(([item]) => item) } });
      }),
    );
  });

  it('TRUSTED_PROXIES takes an address or a subnet, and nothing that proxy-addr cannot compile', () => {
    const length = fc.option(fc.integer({ min: 0, max: 140 }));
    // Of 6 in their usual form: proxy-addr does not know all others, like ::0.0.0.0.
    const v6 = fc
      .bigInt(0n, 2n ** 128n - 1n)
      .map((value) => (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':'));
    const usual = fc.oneof(fc.tuple(fc.ipV4(), fc.constant(32)), fc.tuple(v6, fc.constant(128)));
    fc.assert(
      fc.property(usual, length, ([address, bits], given) => {
        const text = given === null ? address : `${address}/${given}`;
        const isGood = given === null || (given >= 1 && given <= bits);
        expect(!Array.isArray(outcomeOf({ TRUSTED_PROXIES: text }))).toBe(isGood);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.stringMatching(/^[\da-f.:/%]*$/)), (text) => {
        const outcome = outcomeOf({ TRUSTED_PROXIES: text });
        if (Array.isArray(outcome))
          expect(outcome).toEqual([expect.stringMatching(/^TRUSTED_PROXIES must be/)]);
        else for (const item of (outcome as Config).security.trustedProxies) proxyAddr.compile(item);
      }),
    );
  });
});

describe('units', () => {
  it('a duration is its amount times its unit', () => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (amount, unit) => {
        expect(parseDuration(`${amount}${unit}`)).toBe(amount * units[unit]);
      }),
    );
  });

  it('a size is its amount times its power of 1024', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.constantFrom('', 'K', 'M', 'G'), (amount, unit) => {
        expect(parseBytes(`${amount}${unit}`)).toBe(amount * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit));
      }),
    );
  });
});

/** Mappings whose fields are often those of a file, and whose texts all hold the mark. */
function files(...names: string[]): fc.Arbitrary<unknown> {
  const key = fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 9 }, fc.string({ maxLength: 9 }));
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      marked,
      plausible,
      fc.double(),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 6 }),
    ),
  }));
  return fc.oneof({ arbitrary: fc.dictionary(key, any, { maxKeys: 8 }), weight: 9 }, any);
}

/** Problems, each of which says what something must be; empty where the file is taken. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof FileError) return error.problems;
    throw error;
  }
}

const WORDS = / must | needs | has no setting |there is no rule | may have /;

describe('files', () => {
  it('of channels are taken, or refused by place and without their values', () => {
    const content = files(
      ...[
        'receivers',
        'routes',
        'name',
        'kind',
        'url',
        'secret',
        'smtp',
        'from',
        'to',
        'match',
        'types',
        'quiet',
      ],
      ...['detail', 'timeout', 'allow_private', 'vapid_public', 'vapid_private', 'group_window', 'repeat'],
    );
    fc.assert(
      fc.property(content, (json) => {
        const problems: string[] = [];
        const text = JSON.stringify(json);
        parseChannels({ text, variables: {}, detail: 'thin', kinds: CHANNEL_KINDS }, problems);
        expect(problems).not.toEqual([]);
        expect(problems.join()).not.toContain(MARK);
        for (const problem of problems)
          expect(problem.replace('CHANNELS_FILE: ', '')).toMatch(
            / must | needs the variable | has no setting /,
          );
      }),
    );
  });

  it('of channels never throw, whatever text they are', () => {
    const yaml = fc.string({
      unit: fc.constantFrom(
        'receivers',
        'routes',
        '&a ',
        '*a',
        '[',
        ']',
        '{',
        '}',
        ': ',
        '- ',
        '\n',
        '  ',
        '"',
        '!x ',
        MARK,
      ),
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.oneof(yaml, fc.string({ unit: 'binary' })), (text) => {
        const problems: string[] = [];
        expect(
          parseChannels({ text, variables: {}, detail: 'thin', kinds: CHANNEL_KINDS }, problems),
        ).toBeUndefined();
        expect(problems).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('of rules and of instruments are taken, or refused by place and without their values', () => {
    const rules = files('employee_stress', 'department_critical', 'enabled', 'threshold', 'clear_at');
    const instrument = files(
      ...['name', 'scale', 'min', 'max', 'required_questions', 'dimensions', 'questions', 'rates'],
      ...['stress_rate', 'engagement_rate', 'attrition_rate', 'terms', 'direction'],
    );
    fc.assert(
      fc.property(rules, instrument, (rulesJson, instrumentJson) => {
        const problems = [
          ...problemsOf(() => parseRules(rulesJson, builtInRules(40))),
          ...problemsOf(() => parseInstrument(instrumentJson)),
        ];
        expect(problems.join()).not.toContain(MARK);
        for (const problem of problems) expect(problem).toMatch(WORDS);
      }),
    );
  });
});
