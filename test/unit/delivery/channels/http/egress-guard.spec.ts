import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { egressProblem } from '../../../../../src/domain/notifications/egress-policy.js';
import { addressUse } from '../../../../../src/lib/ip-address.js';
import { Random } from '../../../../support/generators/random.js';

describe('an address that somebody gives us', () => {
  it.each([
    'https://hooks.example.com/a?b=c',
    'https://hooks.example.com:8443/',
    'https://93.184.215.14/',
    'https://[2606:4700::1111]/',
    'https://HOOKS.Example.COM./',
    'https://bücher.example/',
    'https://localhost.example.com/',
    'https://internal.example.com/',
  ])('may be %s', (url) => {
    expect(egressProblem(url, false)).toBeUndefined();
  });

  it.each([
    // By number, in every form that some resolver understands.
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://127.0.0.1./',
    'https://127。0。0。1/',
    'https://１２７.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://100.100.100.200/latest/meta-data/',
    'https://168.63.129.16/',
    'https://169.254.169.254/latest/meta-data/',
    'https://172.31.255.255/',
    'https://192.0.0.192/',
    'https://192.0.2.1/',
    'https://192.168.1.1/',
    'https://198.51.100.7/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[64:ff9b::10.0.0.1]/',
    'https://[64:ff9b:1::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[4000::1]/',
    // By name.
    'https://localhost/',
    'https://LOCALHOST./',
    'https://localhost../',
    'https://ⓛocalhost/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://wiki。internal/',
    'https://router.home.arpa/',
    'https://intranet/',
    'https://hooks/path.with.dots',
    // By port.
    'https://hooks.example.com:25/',
    'https://hooks.example.com:6667/',
    // In the clear.
    'http://hooks.example.com/',
  ])('may be %s only where private ones are allowed', (url) => {
    expect(egressProblem(url, false)).toMatch(/, or set allow_private: true/);
    expect(egressProblem(url, true)).toBeUndefined();
  });

  it.each([
    '',
    'hooks.example.com/a',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:11211/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'https://',
    'https://1.2.3.256/',
    'https://[fe80::1%25eth0]/',
    'https://user@hooks.example.com/',
    'https://:password@hooks.example.com/',
    'https://hooks.example.com@127.0.0.1/',
  ])('is never %s', (url) => {
    expect(egressProblem(url, false)).toBeDefined();
    expect(egressProblem(url, true)).toBeDefined();
  });

  it('is not repeated by what is said against it', () => {
    for (const url of [
      'https://token@secret-host/',
      'https://secret-host/token',
      'http://secret-host.example/token',
    ])
      expect(egressProblem(url, false)).not.toMatch(/secret|token/);
  });
});

describe('what an address is for', () => {
  const require = createRequire(import.meta.url);
  // The judge of the library that guards the connections.
  const judge = createRequire(require.resolve('request-filtering-agent'))('ipaddr.js') as {
    parse(text: string): { range(): string };
  };
  const random = new Random(Date.now());
  const v4 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  const group = () => random.whole(0, 0xffff).toString(16);
  const beginnings = [
    '0:0',
    '64:ff9b',
    '100:0',
    '2001:0',
    '2001:2',
    '2001:4',
    '2001:1ff',
    '2001:200',
    '2001:db8',
  ]
    .concat([
      '2001:db9',
      '2002:1',
      '2606:4700',
      '2620:4f',
      '3ffe:1',
      '3fff:0',
      '3fff:fff',
      '3fff:1000',
      '5f00:1',
    ])
    .concat(['fc00:1', 'fdff:1', 'fe80:1', 'fec0:1', 'ff02:0']);
  const v6 = () => {
    const rest = Array.from({ length: 6 }, () => random.pick(['0', group(), 'ffff']));
    return [random.pick([random.pick(beginnings), `${group()}:${group()}`]), ...rest].join(':');
  };

  it(`is what the library says, but for what it leaves open (seed ${random.seed})`, () => {
    const leftOpen = (text: string) =>
      text === '168.63.129.16' || (text.includes(':') && !/^[23].{3}:/.test(text));
    let publicOnes = 0;
    for (let round = 0; round < 40_000; round += 1) {
      // Whatever two first bytes, and the edges below them.
      const edge = random.pick([0, 0xff00, 0xffff, random.whole(0, 0xffff)]);
      const text = round % 2 === 0 ? v4(random.whole(0, 0xffff) * 0x10000 + edge) : v6();
      const isUnicast = judge.parse(text).range() === 'unicast';
      const isPublic = addressUse(text) === 'public';
      if (isPublic) publicOnes += 1;
      if (isPublic !== isUnicast && !(isUnicast && leftOpen(text)))
        throw new Error(
          `${text} is ${addressUse(text)} to us and ${judge.parse(text).range()} to the library`,
        );
    }
    expect(publicOnes).toBeGreaterThan(4_000);
  });

  it.each([
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['168.63.129.15', '168.63.129.16', '168.63.129.16', '168.63.129.17'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['2001:db7:ffff::', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'],
    ['2001:ffff::', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
  ])('changes right after %s, at %s, and after %s, at %s', (before, first, last, after) => {
    expect([before, after].map(addressUse)).toEqual(['public', 'public']);
    expect([first, last].map(addressUse)).not.toContain('public');
  });

  it('knows an address with a zone', () => {
    expect(addressUse('fe80::1%eth0')).toBe('link-local');
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '1.2.3.256',
    '1.2.3.4.5',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '::1.2.3',
  ])('is nothing for "%s", which is none', (text) => {
    expect(addressUse(text)).toBeUndefined();
  });
});
