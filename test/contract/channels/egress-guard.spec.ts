import http, { type Agent } from 'node:http';
import https from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction, TcpSocketConnectOpts } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EgressRefusedError,
  guardedAgent,
  type EgressOptions,
} from '../../../src/delivery/channels/http/egress-guard.js';
import { HttpSink } from '../../support/servers/http-sink.js';

const PUBLIC = '93.184.215.14';
const REFUSED = { code: 'EGRESS_REFUSED', message: 'The address is not public.' };

let sink: HttpSink;
let agents: Agent[];

beforeEach(async () => {
  sink = await HttpSink.start();
  agents = [];
});
afterEach(async () => {
  for (const agent of agents) agent.destroy();
  await sink.stop();
});

/** A name that leads to each of these in turn, then to the last for good; each is one or several addresses. */
function nameOf(...answers: (string | string[])[]): LookupFunction & { asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, options, callback) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    const found = [answer].flat().map((address): LookupAddress => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    // Later, as a resolver does.
    setImmediate(() => {
      if (options.all) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
  return Object.assign(lookup, { asked });
}

function agentOf(protocol: string, allowPrivate: boolean, options?: EgressOptions): Agent {
  const agent = guardedAgent(protocol, allowPrivate, options);
  agents.push(agent);
  return agent;
}

/** The status of a GET; rejects with what the connection failed with. */
function get(
  url: string,
  agent: Agent,
  options: http.RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamily'> = {},
): Promise<number> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('the egress guard', () => {
  it.each(['http:', 'https:'])(
    'connects to no private address over %s, by number or by name',
    async (protocol) => {
      const { port } = sink;
      const agent = agentOf(protocol, false);
      for (const host of [
        '127.0.0.1',
        'localhost',
        '127.1',
        '0',
        '[::1]',
        '[::ffff:127.0.0.1]',
        '[::127.0.0.1]',
      ])
        await expect(get(`${protocol}//${host}:${port}/`, agent)).rejects.toMatchObject(REFUSED);
      expect(sink.received).toEqual([]);
    },
  );

  it('connects to the address that it checked, and asks for it once', async () => {
    const name = nameOf(PUBLIC, '127.0.0.1');
    // From loopback nothing public can be reached: the system refuses, and says what was tried.
    const agent = agentOf('http:', false, { lookup: name, localAddress: '127.0.0.1' });
    const url = `http://hooks.example.com:${sink.port}/`;
    await expect(get(url, agent)).rejects.toMatchObject({ syscall: 'connect', address: PUBLIC });
    expect(name.asked).toEqual(['hooks.example.com']);
    await expect(get(url, agent)).rejects.toMatchObject(REFUSED);
    expect(name.asked).toHaveLength(2);
    expect(sink.received).toEqual([]);
  });

  it.each([
    ['a private address behind a public one', [PUBLIC, '127.0.0.1']],
    ['a private address before a public one', ['127.0.0.1', PUBLIC]],
    ['an IPv6 address that leads to a private one', ['::ffff:127.0.0.1', PUBLIC]],
    ['the metadata of a cloud', ['168.63.129.16']],
    ['what IPv6 has not given out', ['4000::1']],
    ['no address', []],
    ['what is no address', ['localhost']],
  ])('does not connect to a name that has %s', async (_, addresses) => {
    for (const autoSelectFamily of [true, false]) {
      const agent = agentOf('http:', false, { lookup: nameOf(addresses) });
      // Without the choice of a family the first address is all that is asked for.
      const options = { autoSelectFamily: autoSelectFamily || addresses[0] === PUBLIC };
      await expect(get(`http://hooks.example.com:${sink.port}/`, agent, options)).rejects.toMatchObject(
        REFUSED,
      );
    }
    expect(sink.received).toEqual([]);
  });

  it('says where a name does not lead', async () => {
    const lookup: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    const agent = agentOf('http:', false, { lookup });
    await expect(get('http://hooks.example.com/', agent)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('cannot be led astray by the options of a request', async () => {
    const agent = agentOf('http:', false, { lookup: nameOf('127.0.0.1') });
    const ours = nameOf(PUBLIC);
    const attempt = get(`http://hooks.example.com:${sink.port}/`, agent, { lookup: ours });
    await expect(attempt).rejects.toBeInstanceOf(EgressRefusedError);
    expect(ours.asked).toEqual([]);
  });

  it('connects anywhere where private addresses are allowed, and keeps the connection', async () => {
    const agent = agentOf('http:', true, { lookup: nameOf('127.0.0.1') });
    for (const host of ['127.0.0.1', '127.1', 'hooks.example.com'])
      expect(await get(`http://${host}:${sink.port}/`, agent)).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(2);
  });
});
